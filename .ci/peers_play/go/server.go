package main

import (
	"fmt"
	"io"
	"net"

	"google.golang.org/grpc"
	headers "google.golang.org/grpc/metadata"

	"chat/v1"
	"files/v1"
)

type files struct{}

func (files) UploadFile(chunks files_v1.FileService_UploadFileServer) error {
	for {
		_, err := chunks.Recv()
		if err == io.EOF {
			return chunks.SendAndClose(&files_v1.UploadResponse{})
		}
		if err != nil {
			return err
		}
	}
}

// The stream ends in the way that the request names, as in ../tonic/server.rs.
func (files) DownloadFile(request *files_v1.DownloadFileRequest, chunks files_v1.FileService_DownloadFileServer) error {
	switch request.FileId {
	case "handler_fails":
		panic("the handler is broken")
	case "handler_waits":
		<-chunks.Context().Done()
		return chunks.Context().Err()
	}
	for number := int32(0); number < 3; number++ {
		if err := chunks.Send(&files_v1.FileChunk{ChunkNumber: number}); err != nil {
			return err
		}
	}
	switch request.FileId {
	case "stream_fails":
		panic("the stream is broken")
	case "too_long":
		if err := chunks.Send(&files_v1.FileChunk{Data: make([]byte, tooLong)}); err != nil {
			return err
		}
	}
	<-chunks.Context().Done()
	return chunks.Context().Err()
}

type echo struct {
	headersFirst bool
}

func (echo echo) Chat(messages chat_v1.ChatService_ChatServer) error {
	if echo.headersFirst {
		if err := messages.SendHeader(headers.MD{}); err != nil {
			return err
		}
	}
	for {
		message, err := messages.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := messages.Send(message); err != nil {
			return err
		}
	}
}

// Prints its address first. A line on its standard input stops it.
func serve(words []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	server := grpc.NewServer()
	files_v1.RegisterFileServiceServer(server, files{})
	chat_v1.RegisterChatServiceServer(server, echo{headersFirst: len(words) > 0 && words[0] == "headers_first"})
	fmt.Println(listener.Addr())
	go func() {
		told()
		// Ends the open calls; GracefulStop would wait for them.
		server.Stop()
	}()
	must(server.Serve(listener))
}
