package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"google.golang.org/grpc"
	headers "google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"files/v1"
)

// A call, and what may end it besides the server. A stream of grpc-go belongs to the context that it was
// made with: only the end of the context gives it up.
type caller struct {
	connection *grpc.ClientConn
	files      files_v1.FileServiceClient
	context    context.Context
	cancel     context.CancelFunc
}

// Plays one line, "WHAT HOW ADDRESS", on a connection of its own.
func play(line string) {
	words := strings.Fields(line)
	what, how, address := words[0], words[1], words[2]
	ready, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	connection, err := grpc.DialContext(ready, address, grpc.WithInsecure(), grpc.WithBlock())
	cancel()
	must(err)
	call := caller{connection: connection, files: files_v1.NewFileServiceClient(connection)}
	if strings.HasSuffix(how, "deadline") {
		call.context, call.cancel = context.WithTimeout(context.Background(), deadline)
	} else {
		call.context, call.cancel = context.WithCancel(context.Background())
	}
	switch what {
	case "upload":
		call.upload(how)
	case "download":
		call.download(how)
	case "code":
		call.code(how)
	}
	told()
	call.cancel()
	connection.Close()
}

func (call caller) upload(way string) {
	stream, err := call.files.UploadFile(call.context)
	must(err)
	for number := int32(0); number < 3; number++ {
		must(stream.Send(&files_v1.FileChunk{FileName: "note.txt", ChunkNumber: number}))
	}
	told()
	switch way {
	case "complete":
		// The chunks hold no data.
		digest := sha256.Sum256(nil)
		finish := &files_v1.Finish{Chunks: 3, Sha256: digest[:]}
		must(stream.Send(&files_v1.FileChunk{Finish: finish}))
		must(stream.CloseSend())
	case "half_close":
		must(stream.CloseSend())
	case "abandoned":
		stream = nil
		runtime.GC()
	default:
		call.goAway(way)
	}
	runtime.KeepAlive(stream)
}

func (call caller) download(way string) {
	stream, err := call.files.DownloadFile(call.context, &files_v1.DownloadFileRequest{})
	must(err)
	for number := 0; number < 3; number++ {
		_, err := stream.Recv()
		must(err)
	}
	fmt.Println("read")
	told()
	if way == "abandoned" {
		stream = nil
		runtime.GC()
	}
	call.goAway(way)
	runtime.KeepAlive(stream)
}

func (call caller) goAway(way string) {
	switch way {
	case "cancel":
		call.cancel()
	case "channel_closed":
		call.connection.Close()
	}
}

func (call caller) code(how string) {
	err := call.read(how)
	found := status.Convert(err)
	text := found.Message()
	fmt.Printf("code %s %d: %.60q\n", found.Code(), len(text), text)
}

func (call caller) read(how string) error {
	if how == "upload_too_long" {
		stream, err := call.files.UploadFile(call.context)
		if err != nil {
			return err
		}
		// io.EOF says that the call has ended, and CloseAndRecv how.
		if err := stream.Send(&files_v1.FileChunk{Data: make([]byte, tooLong)}); err != nil && err != io.EOF {
			return err
		}
		_, err = stream.CloseAndRecv()
		return err
	}
	ctx := call.context
	if how == "metadata" {
		ctx = headers.AppendToOutgoingContext(ctx, "long", strings.Repeat("x", metadata))
	}
	stream, err := call.files.DownloadFile(ctx, &files_v1.DownloadFileRequest{FileId: how})
	for number := 0; err == nil; number++ {
		if _, err = stream.Recv(); err == nil && number == 0 {
			fmt.Println("answered")
		}
	}
	if err == io.EOF {
		return nil
	}
	return err
}
