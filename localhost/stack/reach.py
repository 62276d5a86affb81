"""Whether another user can get at a file, and where to put it if not.

Postgres refuses to run as root. When we are root it runs as `nobody`, who cannot pass through a folder such
as /root.
"""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from localhost.stack.child import Account
from localhost.stack.errors import StackError

OUTSIDE = Path("/var/tmp")  # noqa: S108 - survives a reboot, unlike /tmp; ours_outside() guards against planted folders


def lesser_account() -> Account | None:
    """`nobody` when we are root, else None: nothing has to change."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd

    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def account_for(folder: Path, account: Account) -> Account:
    """The owner of data that exists: whoever made it before, or `account` if it is root's (a copy)."""
    about = folder.stat()
    if about.st_uid != 0:
        return Account(about.st_uid, about.st_gid)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return account


def can_reach(path: Path, account: Account) -> bool:
    """Whether the account may pass through every folder above `path`, and read `path` if it exists."""
    path = path.resolve()
    if not all(_allows(folder, account, 0o1) for folder in path.parents if folder.exists()):
        return False
    return not path.exists() or _allows(path, account, 0o4)


def ours_outside(folder: Path) -> Path:
    """A folder that everyone may pass through and only we may write, always the same one for `folder`."""
    place = OUTSIDE / outside_name(folder)
    place.mkdir(mode=0o711, exist_ok=True)
    about = place.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o022:
        raise StackError(
            f"Postgres did not start: {place} belongs to somebody else. Remove it, or set THEOGEN_LOCAL_DIR "
            f"to a folder that every user can pass through."
        )
    place.chmod(0o711)
    return place


def outside_name(folder: Path) -> str:
    """The name of that folder."""
    return f"theogen-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with its modes, readable by all; a half-made copy is never seen under the final name."""
    if target.exists():
        return
    half = target.with_name(target.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    half.replace(target)


def _allows(path: Path, account: Account, bits: int) -> bool:
    about = path.stat()
    if about.st_uid == account.uid:
        return bool(about.st_mode & (bits << 6))
    if about.st_gid == account.gid:
        return bool(about.st_mode & (bits << 3))
    return bool(about.st_mode & bits)
