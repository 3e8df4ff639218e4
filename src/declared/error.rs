//! What can be wrong with a policy document.

use super::Position;
use crate::error::Error;
use crate::lang::Text;
use thiserror::Error as ThisError;

/// Why a document cannot be read as a policy.
#[derive(Debug, PartialEq, Eq, ThisError)]
pub enum DeclaredError {
    /// Nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// Not in the encoding it names or seems to have.
    #[error("not valid {encoding} at byte offset {offset}")]
    Encoding {
        /// What it was read as.
        encoding: &'static str,
        /// First byte that does not fit.
        offset: usize,
    },
    /// No text at all.
    #[error("this is a binary file")]
    Binary,
    /// More than a policy can hold.
    #[error("the document is larger than {limit} bytes")]
    TooLarge {
        /// Most bytes that are read.
        limit: u64,
    },
    /// More entries than an SDK list can have.
    #[error("the list has {found} entries, more than {limit}")]
    TooManyRecords {
        /// Entries found.
        found: usize,
        /// Most entries that are read.
        limit: usize,
    },
    /// A container whose content cannot be reached.
    #[error("broken {format}: {why}")]
    Broken {
        /// Name of the format.
        format: &'static str,
        /// What is wrong, from the reader of the format.
        why: String,
    },
    /// A PDF whose page tree is empty or leads back to itself.
    #[error("the PDF has no page that can be reached")]
    NoPages,
    /// A document that needs a password.
    #[error("the {format} is encrypted")]
    Encrypted {
        /// Name of the format.
        format: &'static str,
    },
    /// Pages without a letter: scanned images.
    #[error("the PDF holds no text")]
    NoText,
    /// A format that this version does not read.
    #[error("{format} documents are not read yet")]
    Unsupported {
        /// Name of the format.
        format: &'static str,
        /// What to do instead.
        help: Text,
    },
    /// Canonical JSON with mistakes in it, all of them listed.
    #[error("{} mistakes in canonical JSON", problems.len())]
    Json {
        /// Every mistake, in document order.
        problems: Vec<JsonProblem>,
    },
}

/// One mistake in a canonical JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonProblem {
    /// Where.
    pub at: Position,
    /// What, and what was meant where that can be guessed.
    pub message: Text,
}

impl From<DeclaredError> for Error {
    fn from(error: DeclaredError) -> Error {
        let plain = match &error {
            DeclaredError::Empty => Error::new(
                Text::new("the document is empty", "文档为空"),
                Text::new(
                    "give the policy's text; check that the download or export worked",
                    "请提供隐私政策文本；检查下载或导出是否成功",
                ),
            ),
            DeclaredError::Encoding { encoding, offset } => Error::new(
                Text::new(format!("it is not valid {encoding}"), format!("不是有效的 {encoding}")),
                Text::new(
                    "the file is damaged there, or not in the encoding it names; save it again as UTF-8",
                    "文件在此处损坏，或并非其所声明的编码；请重新保存为 UTF-8",
                ),
            )
            .at(*offset as u64),
            DeclaredError::Binary => Error::new(
                Text::new("it is a binary file, not a document", "这是二进制文件，不是文档"),
                Text::new(
                    "give the policy as text, Markdown, HTML, DOCX, PDF, CSV or JSON",
                    "请提供文本、Markdown、HTML、DOCX、PDF、CSV 或 JSON 格式的隐私政策",
                ),
            ),
            DeclaredError::TooLarge { limit } => {
                let mebibytes = limit >> 20;
                Error::new(
                    Text::new(
                        format!("its text is larger than {mebibytes} MiB"),
                        format!("其文本超过 {mebibytes} MiB"),
                    ),
                    Text::new(
                        "give the policy or the SDK list alone, without images and attachments",
                        "请只提供隐私政策或 SDK 清单本身，不含图片和附件",
                    ),
                )
            }
            DeclaredError::TooManyRecords { found, limit } => Error::new(
                Text::new(
                    format!("its list has {found} entries, and no more than {limit} are read"),
                    format!("其清单有 {found} 个条目，最多读取 {limit} 个"),
                ),
                Text::new(
                    "give the SDK list alone; a list of this length is an export of something else",
                    "请只提供 SDK 清单；条目如此之多的文档应为其他数据的导出",
                ),
            ),
            DeclaredError::Broken { format, why } => Error::new(
                Text::new(format!("the {format} is broken: {why}"), format!("{format} 文件已损坏：{why}")),
                Text::new(
                    "check that the download is complete; else open it and save it again, or export it as text",
                    "请确认下载完整；或打开后重新保存，或导出为文本",
                ),
            ),
            DeclaredError::NoPages => Error::new(
                Text::new(
                    "the PDF has no page that can be reached: its page tree is empty or leads back to itself",
                    "PDF 中没有可到达的页面：页面树为空或循环引用",
                ),
                Text::new("open it and save it again, or export it as text", "请打开后重新保存，或导出为文本"),
            ),
            DeclaredError::Encrypted { format } => Error::new(
                Text::new(format!("the {format} is encrypted"), format!("{format} 文件已加密")),
                Text::new("save it without a password and give that file", "请去除密码另存后再提供"),
            ),
            DeclaredError::NoText => Error::new(
                Text::new("the PDF holds no text, only images", "PDF 中没有文字，只有图片"),
                Text::new(
                    "give the document it was made from, or run text recognition (OCR) first",
                    "请提供原始文档，或先进行文字识别（OCR）",
                ),
            ),
            DeclaredError::Unsupported { format, help } => Error::new(
                Text::new(format!("{format} documents are not read yet"), format!("尚不支持 {format} 文档")),
                help.clone(),
            ),
            DeclaredError::Json { problems } => {
                let count = problems.len();
                let plural = if count == 1 { "mistake" } else { "mistakes" };
                let lines = problems.iter().map(|problem| {
                    let Position { line, column } = problem.at;
                    Text::new(
                        format!("line {line}, column {column}: {}", problem.message.en),
                        format!("第 {line} 行第 {column} 列：{}", problem.message.zh),
                    )
                });
                Error::new(
                    Text::new(
                        format!("it has {count} {plural} as canonical JSON"),
                        format!("作为规范 JSON 有 {count} 处错误"),
                    ),
                    Text::new(
                        "correct the file; sdkaudit extract shows the form",
                        "请修正文件；格式见 sdkaudit extract 的输出",
                    ),
                )
                .with_details(lines.collect())
            }
        };
        plain.because(error)
    }
}
