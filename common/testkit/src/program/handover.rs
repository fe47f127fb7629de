//! Folders of a test, for a program that runs as another user.
//!
//! `LAB_SUBJECT_WRAPPER` may change the user of the program, as graders do. Only the owner of a test's
//! folder may write there. So before each start of a program, the folder with everything in it
//! becomes the program's.

#[cfg(unix)]
pub use imp::hand_over;

/// Elsewhere a wrapper cannot change the user.
#[cfg(not(unix))]
pub fn hand_over(_folder: &std::path::Path) -> Result<(), String> {
    Ok(())
}

#[cfg(unix)]
mod imp {
    use crate::child::{output_of, temporary_folder};
    use crate::program::subject::wrapper;
    use rustix::fs::{AtFlags, CWD, Dir, Gid, Mode, OFlags, Uid, chownat, fchown, openat, statat};
    use rustix::io::{self, Errno};
    use std::ffi::CStr;
    use std::fs::{self, Permissions};
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::Path;
    use std::process::Command;
    use std::sync::OnceLock;

    /// The user that a program runs as.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Owner {
        user: Uid,
        group: Gid,
    }

    /// Gives `folder` to the user of the program.
    ///
    /// # Errors
    ///
    /// The program cannot get the folder: what to change, as a sentence.
    pub fn hand_over(folder: &Path) -> Result<(), String> {
        static OWNER: OnceLock<Result<Option<Owner>, String>> = OnceLock::new();
        let Some(owner) = OWNER.get_or_init(find_owner).clone()? else { return Ok(()) };
        hand_over_to(folder, owner).map_err(|error| {
            let user = owner.user.as_raw();
            format!(
                "LAB_SUBJECT_WRAPPER runs the program as user {user}, and the tests cannot give \
                 it their folders ({error}). Run the tests as root, or let the wrapper keep the \
                 user."
            )
        })
    }

    /// The user of the program; `None`: that of this process.
    fn find_owner() -> Result<Option<Owner>, String> {
        let owner = owner_of_new_files().map_err(|_| {
            format!(
                "The program behind LAB_SUBJECT_WRAPPER cannot write to {}. Let the wrapper open \
                 that folder, or set TMPDIR to a folder that it opens.",
                std::env::temp_dir().display()
            )
        })?;
        Ok(owner.filter(|owner| owner.user != rustix::process::geteuid()))
    }

    /// Who owns a file that a program behind the wrapper creates; `None` without a wrapper. The program
    /// cannot be asked, because inside a user namespace its user has another number.
    fn owner_of_new_files() -> std::io::Result<Option<Owner>> {
        let wrapper = wrapper();
        let Some((command, words)) = wrapper.split_first() else { return Ok(None) };
        let folder = temporary_folder()?;
        // For this moment, any user may write there.
        fs::set_permissions(&folder, Permissions::from_mode(0o777))?;
        let file = folder.path().join("new");
        let mut trial = Command::new(command);
        trial.args(words).args(["sh", "-c", ": > \"$0\""]).arg(&file);
        output_of(&mut trial)?;
        let new = fs::metadata(&file)?;
        Ok(Some(Owner { user: Uid::from_raw(new.uid()), group: Gid::from_raw(new.gid()) }))
    }

    fn hand_over_to(folder: &Path, owner: Owner) -> io::Result<()> {
        match open_folder(CWD, folder) {
            // A test may be done with a folder before it ends.
            Err(Errno::NOENT) => Ok(()),
            opened => hand_over_all(&opened?, owner),
        }
    }

    /// Nothing here follows a path or a link twice, because a program that still runs may change them.
    fn hand_over_all(folder: &OwnedFd, owner: Owner) -> io::Result<()> {
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if [c".", c".."].contains(&name) {
                continue;
            }
            let result = match open_folder(folder, name) {
                Ok(inner) => hand_over_all(&inner, owner),
                Err(_) => hand_over_file(folder.as_fd(), name, owner),
            };
            // A program that still runs may have removed it.
            if !matches!(result, Err(Errno::NOENT)) {
                result?;
            }
        }
        fchown(folder, Some(owner.user), Some(owner.group))
    }

    fn hand_over_file(folder: BorrowedFd<'_>, name: &CStr, owner: Owner) -> io::Result<()> {
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        // A hard link may be to a file of another folder.
        if statat(folder, name, flags)?.st_nlink > 1 {
            return Ok(());
        }
        chownat(folder, name, Some(owner.user), Some(owner.group), flags)
    }

    fn open_folder(at: impl AsFd, path: impl rustix::path::Arg) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        openat(at, path, flags, Mode::empty())
    }
}
