//! Objects at addresses, through the `object_store` crate: S3, Google Cloud Storage, plain web servers.
//!
//! The first request asks for the object's tail, which tells its length and holds the end record and mostly the whole directory.
//! What the directory says will be read is fetched next, neighbours together. An object that is small, or of which most is wanted, or
//! whose server knows no ranges, is fetched whole: into memory, beyond [`IN_MEMORY`] into a temporary file.

use super::address::{Extent, Traffic, Trouble};
use super::bytes::Source;
use crate::error::Error;
use crate::lang::Text;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::ClientConfigKey;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path as Key;
use object_store::{ClientOptions, GetOptions, GetRange, GetResult, ObjectStore, RetryConfig};
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tempfile::{SpooledData, SpooledTempFile};
use tokio::runtime::{Builder, Runtime};

/// What is fetched of the end at first. Holds the end record, the directory of most apps and the signing block.
const TAIL: u64 = 256 << 10;
/// Objects up to this length are fetched whole: a request costs more time than these bytes.
const SMALL: u64 = 1 << 20;
/// Wanted ranges that stand nearer to each other than this are fetched as one.
const GAP: u64 = 128 << 10;
/// Fetched at least, where something unforeseen is read.
const READ_AHEAD: u64 = 64 << 10;
/// Kept in memory of one object, in ranges or as a whole.
const IN_MEMORY: u64 = 64 << 20;
/// Requests for one object at a time.
const AT_ONCE: usize = 4;
/// A request that failed for a passing reason is sent again this many times, for this long at most.
const RETRIES: usize = 5;
const RETRY_TIME: Duration = Duration::from_secs(60);

/// Longest time of a request with its answer, and of silence in it: a large app takes its time, a dead server does not.
const TIMES: [(ClientConfigKey, &str); 2] =
    [(ClientConfigKey::Timeout, "30 minutes"), (ClientConfigKey::ReadTimeout, "30 seconds")];

/// Set to `true`, it lets `http://` addresses through. For S3 it is `AWS_ALLOW_HTTP`.
const ALLOW_HTTP: &str = "SDKAUDIT_ALLOW_HTTP";

static OBJECTS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static FETCHED: AtomicU64 = AtomicU64::new(0);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// What was fetched from addresses so far.
pub fn traffic() -> Traffic {
    let [objects, bytes, fetched, requests] =
        [&OBJECTS, &BYTES, &FETCHED, &REQUESTS].map(|figure| figure.load(Ordering::Relaxed));
    Traffic { objects, bytes, fetched, requests }
}

fn count_object(extent: Extent, length: u64) {
    if extent != Extent::Again {
        OBJECTS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(length, Ordering::Relaxed);
    }
}

/// Opens what stands at an address.
pub(super) fn open(address: &Path, extent: Extent) -> io::Result<Source> {
    let mut object = Object::at(&address.to_string_lossy())?;
    let runtime = runtime()?;
    if extent == Extent::Parts
        && let Ok((tail, length)) = runtime.block_on(object.tail())
        && length > SMALL
    {
        count_object(extent, length);
        let start = length - tail.len() as u64;
        return Ok(Source::Remote(Box::new(Remote::new(object, length, start, tail))));
    }
    // Small or odd: some servers know no ranges, and an empty object has no tail.
    let source = runtime.block_on(object.whole())?;
    count_object(extent, source.len());
    Ok(source)
}

fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread().worker_threads(2).thread_name("fetch").enable_all().build()?;
    // A thread that came first has made one as well.
    Ok(RUNTIME.get_or_init(|| made))
}

/// What an address names.
#[derive(Clone, Debug)]
struct Object {
    store: Arc<dyn ObjectStore>,
    key: Key,
    /// What the first answer calls this very content: later requests fail where it has changed.
    tag: Option<String>,
}

/// The piece of an object from `start`.
type Piece = (u64, Vec<u8>);

impl Object {
    fn at(address: &str) -> io::Result<Object> {
        let (scheme, rest) = address.split_once("://").unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let broken = |cause: object_store::path::Error| io::Error::other(no_object().because(cause));
        let web = matches!(scheme, "https" | "http");
        let (path, query) = if web { split_query(path) } else { (path, String::new()) };
        let key = if web { Key::from_url_path(path) } else { Key::parse(path) }.map_err(broken)?;
        // A key with an empty part would be taken for another one.
        let unclear = !web && (path.starts_with('/') || path.ends_with('/') || path.contains("//"));
        if host.is_empty() || key.as_ref().is_empty() || unclear {
            return Err(io::Error::other(no_object()));
        }
        let store = store(scheme, host, &query)?;
        Ok(Object { store, key, tag: None })
    }

    async fn get(&self, range: Option<GetRange>) -> io::Result<GetResult> {
        let options = GetOptions { range, if_match: self.tag.clone(), ..GetOptions::default() };
        let result = self.store.get_opts(&self.key, options).await.map_err(failed)?;
        REQUESTS.fetch_add(1, Ordering::Relaxed);
        Ok(result)
    }

    /// The end of the object, and its length.
    async fn tail(&mut self) -> io::Result<(Vec<u8>, u64)> {
        let result = self.get(Some(GetRange::Suffix(TAIL))).await?;
        let length = result.meta.size;
        self.tag.clone_from(&result.meta.e_tag);
        let bytes = result.bytes().await.map_err(failed)?;
        FETCHED.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let complete = bytes.len() as u64 == length.min(TAIL);
        complete.then(|| (bytes.to_vec(), length)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    async fn range(&self, range: Range<u64>) -> io::Result<Piece> {
        let result = self.get(Some(GetRange::Bounded(range.clone()))).await?;
        let bytes = result.bytes().await.map_err(failed)?;
        FETCHED.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let complete = bytes.len() as u64 == range.end - range.start;
        complete.then(|| (range.start, bytes.to_vec())).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    async fn whole(&self) -> io::Result<Source> {
        let result = self.get(None).await?;
        let length = result.meta.size;
        let mut kept = SpooledTempFile::new(IN_MEMORY as usize);
        let mut stream = result.into_stream();
        let mut got = 0;
        while let Some(bytes) = stream.next().await {
            let bytes = bytes.map_err(failed)?;
            got += bytes.len() as u64;
            FETCHED.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            kept.write_all(&bytes)?;
        }
        match kept.into_inner() {
            _ if got != length => Err(io::ErrorKind::UnexpectedEof.into()),
            SpooledData::InMemory(bytes) => Ok(Source::Memory(bytes.into_inner())),
            SpooledData::OnDisk(file) => Ok(Source::File(file, length)),
        }
    }
}

/// A web address's path, and what follows it: a signed address carries its right of access there.
fn split_query(path: &str) -> (&str, String) {
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    match path.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (path, String::new()),
    }
}

/// The store of a bucket or host. Kept, with its connections and credentials, unless the address is signed.
fn store(scheme: &str, host: &str, query: &str) -> io::Result<Arc<dyn ObjectStore>> {
    static STORES: OnceLock<Mutex<HashMap<String, Arc<dyn ObjectStore>>>> = OnceLock::new();
    let mut stores = STORES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let name = format!("{scheme}://{host}");
    if let Some(known) = stores.get(&name).filter(|_| query.is_empty()) {
        return Ok(Arc::clone(known));
    }
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIME, ..RetryConfig::default() };
    let store: Arc<dyn ObjectStore> = match scheme {
        "s3" => {
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(host).with_retry(retry);
            for (key, time) in TIMES {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), time);
            }
            Arc::new(builder.build().map_err(failed)?)
        }
        "gs" => {
            let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(host).with_retry(retry);
            for (key, time) in TIMES {
                builder = builder.with_config(GoogleConfigKey::Client(key), time);
            }
            Arc::new(builder.build().map_err(failed)?)
        }
        "https" | "http" => {
            let allowed = std::env::var(ALLOW_HTTP).unwrap_or_default();
            let mut options = ClientOptions::new();
            options = options.with_config(ClientConfigKey::AllowHttp, (allowed == "true").to_string());
            for (key, time) in TIMES {
                options = options.with_config(key, time);
            }
            let builder = HttpBuilder::new().with_url(format!("{name}/{query}"));
            Arc::new(builder.with_client_options(options).with_retry(retry).build().map_err(failed)?)
        }
        _ => return Err(io::Error::other(unknown_scheme(scheme))),
    };
    if query.is_empty() {
        stores.insert(name, Arc::clone(&store));
    }
    Ok(store)
}

/// An object of which parts are fetched.
#[derive(Debug)]
pub struct Remote {
    object: Object,
    length: u64,
    kept: Mutex<Vec<Piece>>,
    /// The object as a whole, where most of it is wanted.
    whole: OnceLock<Source>,
    trouble: Trouble,
}

impl Remote {
    fn new(object: Object, length: u64, start: u64, tail: Vec<u8>) -> Remote {
        let (kept, whole, trouble) = (Mutex::new(vec![(start, tail)]), OnceLock::new(), Trouble::default());
        Remote { object, length, kept, whole, trouble }
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    pub(super) fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    fn pieces(&self) -> MutexGuard<'_, Vec<Piece>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches what will be read, or everything where that is most of the object.
    pub fn foresee(&self, ranges: Vec<Range<u64>>) -> io::Result<()> {
        let wanted = self.missing(together(ranges));
        let bytes: u64 = wanted.iter().map(|range| range.end - range.start).sum();
        if bytes > self.length / 5 * 4 || bytes > IN_MEMORY {
            let whole = runtime()?.block_on(self.object.whole())?;
            if whole.len() != self.length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let _ = self.whole.set(whole);
            return Ok(());
        }
        let requests = stream::iter(wanted).map(|range| self.object.range(range)).buffered(AT_ONCE);
        let pieces: Vec<Piece> = runtime()?.block_on(requests.try_collect())?;
        self.pieces().extend(pieces);
        Ok(())
    }

    /// Those ranges that are not there yet.
    fn missing(&self, ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
        let pieces = self.pieces();
        let holds = |range: &Range<u64>| {
            pieces.iter().any(|(start, bytes)| *start <= range.start && range.end <= start + bytes.len() as u64)
        };
        // The tail is there from the beginning.
        let tail = pieces.first().map_or(self.length, |(start, _)| *start);
        let before_tail =
            |range: Range<u64>| range.start..if range.start < tail { range.end.min(tail) } else { range.end };
        ranges.into_iter().filter(|range| range.end <= self.length && !holds(range)).map(before_tail).collect()
    }

    /// Reads up to `buffer.len()` bytes from `offset`; fewer only at the end.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(whole) = self.whole.get() {
            return whole.read_at(offset, buffer);
        }
        let mut done = 0;
        while done < buffer.len() && offset + (done as u64) < self.length {
            done +=
                self.copy(offset + done as u64, &mut buffer[done..]).inspect_err(|cause| self.trouble.note(cause))?;
        }
        Ok(done)
    }

    /// Copies what one piece holds, after fetching it where none does.
    fn copy(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut pieces = self.pieces();
        let from = |(start, bytes): &Piece, buffer: &mut [u8]| {
            let rest = bytes.get(usize::try_from(offset.checked_sub(*start)?).ok()?..)?;
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            (count > 0).then_some(count)
        };
        if let Some(count) = pieces.iter().rev().find_map(|piece| from(piece, buffer)) {
            return Ok(count);
        }
        // Up to the next piece: nothing is fetched twice.
        let next = pieces.iter().map(|(start, _)| *start).filter(|start| *start > offset).min().unwrap_or(self.length);
        let end = offset.saturating_add((buffer.len() as u64).max(READ_AHEAD)).min(next);
        let piece = runtime()?.block_on(self.object.range(offset..end))?;
        let count = from(&piece, buffer).ok_or(io::ErrorKind::UnexpectedEof)?;
        let held: u64 = pieces.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        if held + piece.1.len() as u64 <= IN_MEMORY {
            pieces.push(piece);
        }
        Ok(count)
    }
}

/// Ranges in order, those that are near each other as one.
fn together(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(GAP) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// What the network says, in the words that files have.
fn failed(cause: object_store::Error) -> io::Error {
    use object_store::Error as Failure;
    match cause {
        Failure::NotFound { .. } => io::Error::new(io::ErrorKind::NotFound, cause),
        Failure::PermissionDenied { .. } | Failure::Unauthenticated { .. } => {
            io::Error::new(io::ErrorKind::PermissionDenied, cause)
        }
        _ => io::Error::other(super::address::not_fetched(&cause).because(cause)),
    }
}

fn no_object() -> Error {
    Error::new(
        Text::new("the address names no object", "该地址没有指明对象"),
        Text::new(
            "write s3://BUCKET/KEY, gs://BUCKET/KEY or https://HOST/PATH",
            "请写成 s3://桶/键、gs://桶/键 或 https://主机/路径",
        ),
    )
}

fn unknown_scheme(scheme: &str) -> Error {
    Error::new(
        Text::new(format!("addresses of the kind {scheme}:// are not read"), format!("不支持 {scheme}:// 类型的地址")),
        Text::new("s3://, gs:// and https:// are; or give a path", "支持 s3://、gs:// 和 https://；也可提供路径"),
    )
}

#[cfg(test)]
mod tests;
