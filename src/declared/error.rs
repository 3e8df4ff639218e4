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
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("not valid {encoding} at byte offset {offset}")]
    Encoding {
        /// What it was read as.
        encoding: &'static str,
        /// First byte that does not fit.
        offset: usize,
    },
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
                    "save the document as UTF-8 (for example: iconv -f GB18030 -t UTF-8)",
                    "请将文档另存为 UTF-8（例如：iconv -f GB18030 -t UTF-8）",
                ),
            )
            .at(*offset as u64),
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
