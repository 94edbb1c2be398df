/** Turkish texts of the screens that keep a collection in order, as a machine has translated them. */

import type { upkeep as english } from "../english/upkeep";

export const upkeep: Record<keyof typeof english, string> = {
  addPictures: "Resim ekle",
  addPicturesTo: "{name} için resim ekle",
  bestQuality: "En iyi kalite %{score}",
  bestStranger: "Başkasına en çok benzeyen",
  checkNow: "Şimdi denetle",
  checkedFaces: "{faces} yüzden {compared} tanesi diğerlerinin hepsiyle karşılaştırıldı.",
  conflicts: "Başkası olabilir",
  conflictsMeaning:
    "Bir arama ilk yüzü diğer kişi sanır. Yüzü ona verin veya ikisinin aynı kişi olduğunu söyleyin.",
  duplicatesMeaning:
    "Bir kişinin neredeyse aynı resim olan iki yüzü. Biri diğerine bir şey katmaz.",
  eraseFace: "Yüz {id} sil",
  fewFacesMeaning: "Üçten az yüzü olan kişiler daha seyrek bulunur.",
  friends: "Tanıdıklar: her yüz ve kişisinin ona en çok benzeyen diğer yüzü",
  friendsAndStrangers: "Benzerliklerine göre tanıdıklar ve yabancılar",
  hardest: "Başkalarından ayırması en zor",
  health: "Sağlık",
  interval: "{confidence} güven aralığı",
  keepWhom: "Kimin adı kalsın?",
  largeCollection: "Koleksiyonun yüzleri bir seferde denetlenemeyecek kadar çok. Bir iş denetler.",
  measured: "Ölçülen",
  moreAlike:
    "Yabancılar söz verilenden daha sık adlandırılıyor: kişileriniz, kodlayıcının eğrisini oluşturanlardan daha çok birbirine benziyor. Koleksiyonu kalibre edin (Kararlar).",
  moveElsewhere: "Başkasına ver",
  moveTo: "{name} kişisine taşı",
  nearDuplicates: "Neredeyse aynı",
  nearer: "kendi kişisinden çok ona yakın",
  noFindings: "Bir şey bulunmadı.",
  notCompared:
    "Dışarıda kalan: kısıtlı veya onaysız kişilerin {barred} yüzü, başka bir kodlayıcının {other} yüzü.",
  ofTrials: "{trials} denemede {hits}",
  oneIn: "{count} içinde 1",
  onePerson: "Tek kişi",
  outliers: "Kişisine benzemeyen",
  outliersMeaning:
    "Kişisinin diğer yüzlerine (biri yanında) yabancılardan daha çok benzemeyen yüzler. Çoğu kez başka biridir.",
  poorFacesMeaning: "İyi kalitede tek yüzü bile olmayan kişiler.",
  sampled: "Koleksiyon büyük: bazı kişiler seçildi ve sayılar yalnızca onlarındır.",
  selfTest: "Öz sınama",
  selfTestMeaning:
    "Her yüz dışarıda bırakıldı ve koleksiyonun çalıştığı oranla diğerlerinin arasında arandı: yabancıların {rate} kadarı adlandırılabilir, bunun için {threshold} benzerlik gerekir.",
  share: "Pay",
  strangers: "Yabancılar: her yüz ve başka bir kişinin ona en çok benzeyen yüzü",
  strangersAlike: "Yabancılar bu kadar benzer: en çok {rate}",
  testFound: "Kendi adını alanlar",
  testStrangers: "Ad alan yabancılar",
  testWrong: "Başka ad alanlar",
  thinSubjects: "Çok az resim",
  weakestFriend: "Kendininkilere en az benzeyen",
};
