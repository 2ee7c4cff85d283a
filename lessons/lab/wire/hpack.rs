//! Header blocks (RFC 7541), with the dynamic table that one direction of a connection keeps.

use loona_hpack::Decoder;
/// The table size that both sides assume until SETTINGS says otherwise (RFC 9113 section 6.5.2).
const DEFAULT_TABLE_SIZE: usize = 4096;

/// The largest header block that is decoded. gRPC servers refuse metadata long before this.
const MAX_BLOCK: usize = 256 * 1024;

/// One header field, as text: bytes that are no UTF-8 are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name, in lower case as HTTP/2 demands.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A header block, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// The fields, in the order in which they were sent.
    pub fields: Vec<Field>,
    /// A request whose block takes less than half the bytes of the connection's first one: HPACK
    /// refers to what it has sent before (RFC 7541 section 2.3.2). The lengths themselves change
    /// with versions and user agents, so only this comparison is kept.
    pub mostly_repeats: bool,
}

impl Headers {
    /// The value of the first field of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.value.as_str())
    }
}

/// Puts header blocks together and decodes them.
///
/// A block may span HEADERS and any number of CONTINUATION frames (RFC 9113 section 6.10).
pub struct HeaderBlocks {
    decoder: Decoder<'static>,
    block: Vec<u8>,
    /// One block that cannot be decoded leaves the table unknown for all that follow.
    broken: bool,
    /// Length of the first request's block in bytes.
    first_request: Option<usize>,
}

impl Default for HeaderBlocks {
    fn default() -> Self {
        let mut decoder = Decoder::new();
        decoder.set_max_allowed_table_size(DEFAULT_TABLE_SIZE);
        Self {
            decoder,
            block: Vec::new(),
            broken: false,
            first_request: None,
        }
    }
}

impl HeaderBlocks {
    /// Obeys SETTINGS_HEADER_TABLE_SIZE, which the reader of the headers has sent.
    pub fn allow_table_size(&mut self, size: u32) {
        if let Ok(size) = usize::try_from(size) {
            self.decoder.set_max_allowed_table_size(size);
        }
    }

    /// Takes a fragment; `last` is the END_HEADERS flag.
    ///
    /// Returns the fields when the block is whole, and `Err` with the reason when it cannot be read.
    pub fn push(&mut self, fragment: &[u8], last: bool) -> Option<Result<Headers, String>> {
        if self.block.len() + fragment.len() > MAX_BLOCK {
            self.broken = true;
            self.block = Vec::new();
        }
        if self.broken {
            return last.then(|| Err("header block unreadable".to_owned()));
        }
        self.block.extend_from_slice(fragment);
        if !last {
            return None;
        }
        let block = std::mem::take(&mut self.block);
        let mut fields = Vec::new();
        let decoded = self.decoder.decode_with_cb(&block, |name, value| {
            fields.push(Field {
                name: String::from_utf8_lossy(&name).into_owned(),
                value: String::from_utf8_lossy(&value).into_owned(),
            });
        });
        Some(match decoded {
            Ok(()) => {
                let mut headers = Headers {
                    fields,
                    mostly_repeats: false,
                };
                if headers.value(":path").is_some() {
                    let first = *self.first_request.get_or_insert(block.len());
                    headers.mostly_repeats = block.len() * 2 < first;
                }
                Ok(headers)
            }
            Err(error) => {
                self.broken = true;
                Err(format!("header block unreadable: {error}"))
            }
        })
    }
}
