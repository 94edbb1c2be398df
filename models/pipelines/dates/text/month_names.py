"""Months of calendars that the network was not taught."""

from collections.abc import Mapping

from models.pipelines.dates.text.normalization import normalized

LIKENED = str.maketrans({"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ھ": "ه", "ہ": "ه"})
"""Letters that keyboards of Arabic, Persian and Urdu write in several ways, one for one."""

_NAMES = {
    "thai": (
        "มกราคม,ม.ค.,มค.", "กุมภาพันธ์,ก.พ.,กพ.", "มีนาคม,มี.ค.,มีค.", "เมษายน,เม.ย.,เมย.",
        "พฤษภาคม,พ.ค.,พค.", "มิถุนายน,มิ.ย.,มิย.", "กรกฎาคม,ก.ค.,กค.", "สิงหาคม,ส.ค.,สค.",
        "กันยายน,ก.ย.,กย.", "ตุลาคม,ต.ค.,ตค.", "พฤศจิกายน,พ.ย.,พย.", "ธันวาคม,ธ.ค.,ธค.",
    ),
    "islamic-umalqura": (
        "محرم الحرام,المحرم,محرم,muharram,muharrem",
        "صفر المظفر,صفر الخير,صفر,safar,safer",
        "ربيع الاول,ربيع اول,rabi' al-awwal,rabi al-awwal,rabi al awwal,rabi' i,rabi i,"
        "rabi'ul awwal,rabiulawal,rebiulevvel",
        "ربيع الاخر,ربيع الثاني,ربيع ثاني,rabi' al-thani,rabi al-thani,rabi al thani,"
        "rabi' al-akhir,rabi al-akhir,rabi' ii,rabi ii,rebiulahir",
        "جمادي الاولي,جمادي الاول,جمادا الاولي,jumada al-ula,jumada al-awwal,jumada al-oula,"
        "jumada i,cemaziyelevvel",
        "جمادي الاخره,جمادي الاخر,جمادي الثانيه,جمادي الثاني,jumada al-akhirah,jumada al-akhira,"
        "jumada al-thani,jumada al-thaniyah,jumada ii,cemaziyelahir",
        "رجب المرجب,رجب,rajab,recep",
        "شعبان المعظم,شعبان,sha'ban,sha‘ban,sha’ban,shaban,shaaban,saban",
        "رمضان المبارك,رمضان,ramadan,ramadhan,ramazan",
        "شوال المكرم,شوال,shawwal,shawal,sevval",
        "ذو القعده,ذي القعده,ذوالقعده,ذي قعده,dhu al-qi'dah,dhu al-qidah,dhu al-qadah,dhul-qi'dah,"
        "dhul-qidah,dhul qadah,dhu al-qa'dah,zilkade",
        "ذو الحجه,ذي الحجه,ذوالحجه,ذي حجه,dhu al-hijjah,dhu al-hijja,dhul-hijjah,dhul hijjah,"
        "dhul hijja,zilhicce",
    ),
    "persian": (
        "فروردين,farvardin", "ارديبهشت,ordibehesht", "خرداد,khordad", "تير,tir",
        "مرداد,امرداد,mordad,amordad", "شهريور,shahrivar", "مهر,mehr", "ابان,aban",
        "اذر,azar", "دي,dey", "بهمن,bahman", "اسفند,esfand",
    ),
    "hebrew": (
        "iyyar,iyar", "sivan", "tammuz", "elul", "tishri,tishrei", "cheshvan,heshvan,marcheshvan",
        "kislev", "tevet,teves", "shevat,shvat", "adar", "ניסן,אייר,סיון,סיוון", "תמוז,אלול,תשרי",
        "חשון,חשוון,מרחשון", "כסלו,טבת,שבט,אדר",
    ),
    "indian": (
        "chaitra,चैत्र,चैत", "vaisakha,vaishakha,baisakh,baishakh,वैशाख,बैशाख",
        "jyaistha,jyeshtha,jestha,ज्येष्ठ,जेठ", "ashadha,asadha,ashadh,आषाढ,असार",
        "shravana,sravana,shrawan,श्रावण,साउन", "bhadrapada,bhadra,भाद्रपद,भाद्र,भदौ",
        "ashvina,ashvin,asvina,ashwin,आश्विन,असोज", "kartika,kartik,कार्तिक",
        "agrahayana,margashirsha,mangsir,अग्रहायण,मार्गशीर्ष,मंसिर", "pausha,pausa,poush,पौष,पुस",
        "magha,माघ", "phalguna,falgun,फाल्गुन,फागुन", "বৈশাখ,জ্যৈষ্ঠ,আষাঢ়,শ্রাবণ,ভাদ্র,আশ্বিন,কার্তিক",
        "অগ্রহায়ণ,পৌষ,মাঘ,ফাল্গুন,চৈত্র",
    ),
    "ethiopic": (
        "meskerem", "tikimt,tikemt", "hidar", "tahsas,tahisas", "yekatit", "megabit",
        "miyazya,miazia", "ginbot,genbot", "hamle", "nehase", "pagume,pagumen",
        "መስከረም,ጥቅምት,ኅዳር,ህዳር,ታኅሣሥ,ታህሳስ,ጥር,የካቲት,መጋቢት,ሚያዝያ,ግንቦት,ሰኔ,ሐምሌ,ነሐሴ,ጳጉሜን",
    ),
    "coptic": (
        "hatour", "kiahk,koiak", "touba,tobi", "amshir", "baramhat", "baramouda", "bashans",
        "paona", "epip,abib", "mesra", "nasie",
    ),
    "french-republican": (
        "vendemiaire", "brumaire", "frimaire", "nivose", "pluviose", "ventose", "germinal",
        "floreal", "prairial", "messidor", "thermidor", "fructidor",
    ),
}  # fmt: skip
"""Names of months; of the last five only that they are no month of ours counts."""


def likened(text: str) -> str:
    """A normalized text with one letter for those that look alike; as long as before."""
    return text.translate(LIKENED)


def _table() -> Mapping[str, tuple[str, int]]:
    return {
        likened(normalized(name)): (calendar, number)
        for calendar, months in _NAMES.items()
        for number, names in enumerate(months, 1)
        for name in names.split(",")
    }


OTHER_MONTHS = _table()
"""Normalized and likened names, with their calendar and number."""
