//! What the scripted server does in a call.

use std::collections::VecDeque;
use std::future::{pending, ready};
use std::sync::PoisonError;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Code, Request, Response, Status, Streaming};

use super::Peer;
use crate::proto::chat::ChatMessage;
use crate::proto::chat::chat_service_server::ChatService;

#[tonic::async_trait]
impl ChatService for Peer {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let call = self.calls.guard();
        if let Some(timeout) = request.metadata().get("grpc-timeout") {
            let timeout = String::from_utf8_lossy(timeout.as_bytes()).into_owned();
            let told = self.told_timeout.lock();
            *told.unwrap_or_else(PoisonError::into_inner) = Some(timeout);
        }
        let mut conversation = Conversation {
            peer: self.clone(),
            messages: request.into_inner(),
            waiting: VecDeque::new(),
            echoed: 0,
        };
        for _ in 0..self.wants {
            if !conversation.reads().await? {
                return Err(Status::invalid_argument("the client half-closed too early"));
            }
        }
        sleep(self.answers_after).await;
        if let Some(status) = self.refuses.clone() {
            return Err(status);
        }
        let said = self.says.clone().responses().map(Some);
        let said = said.chain(stream::iter(self.ends_when_said.then_some(None)));
        let conversation = stream::try_unfold(conversation, Conversation::next);
        let all = stream::select(said, conversation.map(Some));
        // None is the end of what it says.
        let all = all
            .take_while(|reply| ready(reply.is_some()))
            .filter_map(ready);
        let fails = self.ends_with.code() != Code::Ok;
        let end = stream::iter(fails.then_some(Err(self.ends_with.clone())));
        // The guard is dropped with the response stream, however the call ends.
        let counted = all.chain(end).map(move |reply| {
            let _call = &call;
            reply
        });
        Ok(Response::new(counted.boxed()))
    }
}

/// The state of one call.
struct Conversation {
    peer: Peer,
    messages: Streaming<ChatMessage>,
    /// Read and not sent back yet.
    waiting: VecDeque<ChatMessage>,
    echoed: usize,
}

impl Conversation {
    /// Reads one message; false when the client has half-closed.
    async fn reads(&mut self) -> Result<bool, Status> {
        let Some(message) = self.messages.message().await? else {
            return Ok(false);
        };
        self.peer
            .with_received(|received| received.push(message.clone()));
        self.waiting.push_back(message);
        Ok(true)
    }

    /// The next echo, and the state after it; None when the call is over.
    async fn next(mut self) -> Result<Option<(ChatMessage, Self)>, Status> {
        if self.peer.reads_nothing {
            return pending().await;
        }
        loop {
            let is_done = self.echoed == self.peer.echoes;
            if is_done && self.peer.ends_after_echoes {
                return Ok(None);
            }
            while self.waiting.len() <= self.peer.behind {
                if !self.peer.pace.is_zero() {
                    sleep(self.peer.pace).await;
                }
                if !self.reads().await? {
                    break;
                }
            }
            match self.waiting.pop_front() {
                None => return Ok(None),
                Some(_) if is_done => {}
                Some(message) => {
                    self.echoed += 1;
                    return Ok(Some((message, self)));
                }
            }
        }
    }
}
