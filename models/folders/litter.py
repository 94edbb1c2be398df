"""Litter that storage systems, operating systems and programs leave in folders of pictures."""

import re

_FOLDERS = (
    r"@.*",  # NAS: @eaDir, @Recycle, @Recently-Snapshot, @tmp, @__thumb, @GMT-…
    r"#(recycle|snapshot|recently-snapshot)",
    r"\.@.*",
    r"eadir(_tmp)?",
    r"__macosx",
    r"\$(recycle\.bin|extend|windows\..*|winreagent|sysreset|getcurrent|av_.*)",
    r"recycle(r|d)",
    r"recycle bin",
    r"trashbox",
    r"system volume information",
    r"config\.msi",
    r"found\.\d{3}",
    r"lost\+found",
    r"lost\.dir",
    r"~snapshot",
    r"network trash folder",
    r"temporary items",
    r"thevolumesettingsfolder",
    r"resource\.frk",
    r".*\.(lrdata|lrcat-data|cocatalog|cosessiondb)",
)
_FILES = (
    r"\._.*",
    r"(eh)?thumbs(_vista)?\.db.*",
    r"desktop\.ini",
    r"folder\.db",
    r"autorun\.inf",
    r"icon\r",
    r"picasa\.ini",
    r"zbthumbnail\.info",
    r"pspbrwse\.jbf",
    r"aquota\.(user|group)",
    r"wpsettings\.dat",
    r"indexervolumeguid",
    r"finder\.dat",
    r"syno(photo|file|index)_.*",
    r".*@syno(eastream|resource)",
    r".*:(zone\.identifier|encryptable|com\.dropbox\..*|afp_.*)(:\$data)?",
    r"~(\$|syncthing~).*",
    r".*~",
    r".*\.(tmp|temp|part|partial|filepart|crdownload|download|!ut|bak|swp)",
)
_HIDDEN = (
    r"\.ds_store.*",
    r"\.apple(double|db|desktop)",
    r"\.apdisk",
    r"\.localized",
    r"\.lsoverride",
    r"\.volumeicon\.icns",
    r"\.com\.apple\..*",
    r"\.(spotlight-v\d+|fseventsd|temporaryitems|documentrevisions-v\d+|trashes|mobilebackups)",
    r"\.pkinstallsandboxmanager.*",
    r"\.trash(-.*|ed-.*|box)?",
    r"\.dtrash",
    r"\.recycle(d|r|bin)?",
    r"\.pending-.*",
    r"\.(thumbnails?|thumbs?|thumb\d+|previews?|comments|mediaartlocal|nomedia|directory)",
    r"\.picasa(\.ini|originals)",
    r"\.bridge(cache.*|sort|labels.*)",
    r"\.(snapshots?|zfs|streams|webaxs|wdmc|twonky.*|qpkg)",
    r"\.(st(folder|versions|ignore)|sync.*|dropbox.*|owncloudsync.*|_sync_.*|unison.*)",
    r"\.(git.*|svn|hg|idea|vscode|cache)",
    r"\.(nfs|fuse_hidden|goutputstream-|~lock\.|smbdelete).*",
)


def _matching(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)


_FOLDER = _matching(*_FOLDERS, *_HIDDEN, r"\._.*")
_FILE = _matching(*_FILES, *_HIDDEN)


def is_litter(name: str, *, folder: bool) -> bool:
    """Whether a program has left the file or folder of that name, and no person."""
    return (_FOLDER if folder else _FILE).fullmatch(name) is not None
