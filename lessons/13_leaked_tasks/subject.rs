//! The exercise, as its check and `serve --mine` use it.

use tonic::service::Routes;
use workbook::proto::chat::chat_service_server::ChatServiceServer;

use super::check::Subject;
use super::exercise::Chat;

pub const SUBJECT: Subject = |room| Routes::new(ChatServiceServer::new(Chat { room }));
