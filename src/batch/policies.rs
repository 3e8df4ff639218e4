//! Which policy speaks of which app.

use super::inputs::Input;
use crate::app::read_document;
use crate::declared::{Declaration, MAX_BYTES};
use crate::error::Error;
use crate::lang::Text;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Policies kept after their last use: apps of one publisher stand near each other and share one.
const KEPT: usize = 16;
/// Names that end otherwise are taken whole: `dev.example.app` has no extension.
const EXTENSIONS: [&str; 10] = ["md", "markdown", "txt", "text", "html", "htm", "docx", "pdf", "csv", "json"];

/// Reads a policy from its documents.
pub type Read<'a> = &'a (dyn Fn(&[PathBuf]) -> Result<Declaration, Error> + Sync);

/// Where policies come from, besides those that a manifest names.
#[derive(Debug, Default)]
pub enum Pairing {
    /// Nowhere.
    #[default]
    None,
    /// One for all apps, in one document or several.
    All(Vec<PathBuf>),
    /// A folder; see [`Pairing::folder`].
    Folder(Folder),
}

/// A folder of policies by name.
#[derive(Debug)]
pub struct Folder {
    name: String,
    files: BTreeMap<String, Vec<PathBuf>>,
}

impl Pairing {
    /// A folder whose files are named after apps: `<application id>.<extension>`, else `<name of the app's file>.<extension>`. Of its
    /// subfolders nothing is read.
    ///
    /// # Errors
    /// When the folder cannot be read or holds no file.
    pub fn folder(folder: &Path) -> Result<Pairing, Error> {
        let name = folder.display().to_string();
        let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(|cause| Error::io(&name, cause))? {
            let path = entry.map_err(|cause| Error::io(&name, cause))?.path();
            if path.is_file() {
                files.entry(stem(&path)).or_default().push(path);
            }
        }
        files.values_mut().for_each(|same| same.sort());
        if files.is_empty() {
            let message = Text::new("the folder holds no policy", "该目录中没有隐私政策");
            let help =
                Text::new("name each policy after its app: APPLICATION-ID.md", "请以应用命名每份政策：应用包名.md");
            return Err(Error::new(message, help).in_input(&name));
        }
        Ok(Pairing::Folder(Folder { name, files }))
    }
}

/// A file's name without the extension of a document.
fn stem(path: &Path) -> String {
    let known = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let known = known.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()));
    let name = if known { path.file_stem() } else { path.file_name() };
    name.unwrap_or_default().to_string_lossy().into_owned()
}

impl Folder {
    fn find(&self, input: &Input, application_id: &str) -> Result<PathBuf, Error> {
        let file = input.path.file_stem().unwrap_or_default().to_string_lossy();
        match self.files.get(application_id).or_else(|| self.files.get(&*file)).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some(several) => {
                let details = several.iter().map(|path| Text::same(path.display())).collect();
                let message =
                    Text::new(format!("several policies for {application_id}"), format!("{application_id} 有多份政策"));
                let help = Text::new("keep one of them", "请只保留其中一份");
                Err(Error::new(message, help).with_details(details).in_input(&self.name))
            }
            None => {
                let message =
                    Text::new(format!("no policy for {application_id}"), format!("没有 {application_id} 的政策"));
                let help = Text::new(
                    format!("name it {application_id}.md, or {file}.md after the app's file"),
                    format!("请命名为 {application_id}.md，或按应用文件名命名为 {file}.md"),
                );
                Err(Error::new(message, help).in_input(&self.name))
            }
        }
    }
}

/// What a mutex guards here is never left half changed, not even by a thread that panics.
fn whole<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Finds and reads policies. Keeps the latest few, so that memory does not grow with their number.
pub struct Policies<'a> {
    pairing: Pairing,
    read: Read<'a>,
    latest: Mutex<Vec<(PathBuf, Arc<Declaration>)>>,
    digests: Mutex<HashMap<PathBuf, Option<String>>>,
}

impl<'a> Policies<'a> {
    /// Policies by pairing, read with `read`.
    pub fn new(pairing: Pairing, read: Read<'a>) -> Policies<'a> {
        Policies { pairing, read, latest: Mutex::default(), digests: Mutex::default() }
    }

    /// The policy of an app; `None` where it is to be looked at without one.
    ///
    /// # Errors
    /// When a folder of policies was given and holds none, or several, for this app.
    pub fn find(&self, input: &Input, application_id: &str) -> Result<Option<PathBuf>, Error> {
        match (&input.policy, &self.pairing) {
            (Some(policy), _) => Ok(Some(policy.clone())),
            (None, Pairing::All(_)) => Ok(self.for_all()),
            (None, Pairing::None) => Ok(None),
            (None, Pairing::Folder(folder)) => folder.find(input, application_id).map(Some),
        }
    }

    /// What stands for the one policy of all apps: its path, or the paths of its documents joined.
    pub fn for_all(&self) -> Option<PathBuf> {
        let Pairing::All(documents) = &self.pairing else { return None };
        let names: Vec<String> = documents.iter().map(|document| document.display().to_string()).collect();
        match documents.as_slice() {
            [one] => Some(one.clone()),
            _ => Some(PathBuf::from(names.join(" + "))),
        }
    }

    /// Reads a policy, or takes it from the latest.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn declaration(&self, path: &Path) -> Result<Arc<Declaration>, Error> {
        if let Some(known) = self.known(path) {
            return Ok(known);
        }
        let declaration = Arc::new(match &self.pairing {
            Pairing::All(documents) if self.for_all().as_deref() == Some(path) => (self.read)(documents)?,
            _ => (self.read)(&[path.to_owned()])?,
        });
        let mut latest = whole(&self.latest);
        if latest.len() >= KEPT {
            latest.remove(0);
        }
        latest.push((path.to_owned(), Arc::clone(&declaration)));
        Ok(declaration)
    }

    /// The SHA-256 of a policy's file, hex; `None` where it cannot be read. No file is hashed twice.
    pub fn digest(&self, path: &Path) -> Option<String> {
        if let Some(known) = self.known(path) {
            return Some(known.sha256.clone());
        }
        // That of several documents is not the digest of a file.
        if matches!(&self.pairing, Pairing::All(documents) if documents.len() > 1)
            && self.for_all().as_deref() == Some(path)
        {
            return Some(self.declaration(path).ok()?.sha256.clone());
        }
        let hash = || {
            let bytes = read_document(path, MAX_BYTES + 1).ok()?;
            Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
        };
        whole(&self.digests).entry(path.to_owned()).or_insert_with(hash).clone()
    }

    fn known(&self, path: &Path) -> Option<Arc<Declaration>> {
        whole(&self.latest).iter().find(|(known, _)| known == path).map(|(_, known)| Arc::clone(known))
    }
}
