"""Where a desk lies: on a disk of this machine, on a network drive, or in a folder that a service keeps in step."""

from __future__ import annotations

from pathlib import Path

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs", "davfs", "fuse.davfs2"}
)

_SERVICES = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "mobile documents": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud": "pCloud",
    "pcloud drive": "pCloud",
    "box sync": "Box",
    "megasync": "MEGA",
}
"""What the folders of services that keep files in step are called, in small letters, and the service."""

_MARKS = {".stfolder": "Syncthing", ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".sync.ffs_db": "FreeFileSync"}
"""What such services put at the top of their folders."""

INSTEAD = "To work on one desk from several machines, keep a file on each and bring them together with `factdesk sync`"
"""What to do instead of a file that several machines write."""


def service_of(path: Path) -> str:
    """The service that keeps the folder of a file in step with other machines; empty when none is recognised."""
    folder = path.resolve().parent
    for place in (folder, *folder.parents):
        name = place.name.casefold()
        for known, service in _SERVICES.items():
            if name == known or name.startswith((f"{known} - ", f"{known} (", f"{known}-")):
                return service
        for mark, service in _MARKS.items():
            if (place / mark).exists():
                return service
    return ""


def misplaced(path: Path) -> str:
    """Why a desk should not lie where it does, and what to do, as sentences; empty where it may."""
    service = service_of(path)
    if not service:
        return ""
    return (
        f"{path.name} lies in a folder of {service}, which copies the file while it is written: what two people do at "
        f"one time may be lost. {INSTEAD}; or send a file with `factdesk share`, and take it in with `factdesk merge`."
    )


def file_system(folder: Path) -> str:
    """The type of the file system a folder lies on, where the system tells (Linux); else the empty string."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        here = str(folder.resolve())
    except OSError:
        return ""
    best, system = "", ""
    for line in lines:
        fields = line.split()
        mount = fields[1].replace("\\040", " ") if len(fields) > 2 else ""
        if mount and len(mount) >= len(best) and (here == mount or here.startswith(mount.rstrip("/") + "/")):
            best, system = mount, fields[2]
    return system
