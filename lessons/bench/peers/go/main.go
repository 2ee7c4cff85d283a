// The benchmark in Go: `cargo bench -- --peer grpc-go`. .ci/peers builds it. It is a server that prints its
// address, and ends with its standard input; with the word `measure` it is a client, and
// with `version` it says which grpc-go it has.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	"google.golang.org/grpc"

	"stream/v1"
)

type streams struct{}

func (streams) List(request *stream_v1.StreamRequest, responses stream_v1.StreamService_ListServer) error {
	for value := int32(1); value <= request.GetPt().GetValue(); value++ {
		point := &stream_v1.StreamPoint{Name: "point", Value: value}
		if err := responses.Send(&stream_v1.StreamResponse{Pt: point}); err != nil {
			return err
		}
	}
	return nil
}

func (streams) Record(requests stream_v1.StreamService_RecordServer) error {
	for value := int32(0); ; value++ {
		_, err := requests.Recv()
		if err == io.EOF {
			point := &stream_v1.StreamPoint{Value: value}
			return requests.SendAndClose(&stream_v1.StreamResponse{Pt: point})
		}
		if err != nil {
			return err
		}
	}
}

func (streams) Route(both stream_v1.StreamService_RouteServer) error {
	for {
		request, err := both.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := both.Send(&stream_v1.StreamResponse{Pt: request.Pt}); err != nil {
			return err
		}
	}
}

type points struct{}

func (points) Put(_ context.Context, request *stream_v1.PutRequest) (*stream_v1.PutResponse, error) {
	return &stream_v1.PutResponse{Count: int32(len(request.Points))}, nil
}

func (points) PutAll(requests stream_v1.PointService_PutAllServer) error {
	for count := 0; ; {
		request, err := requests.Recv()
		if err == io.EOF {
			return requests.SendAndClose(&stream_v1.PutResponse{Count: int32(count)})
		}
		if err != nil {
			return err
		}
		count += len(request.Points)
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "measure":
			measure(os.Args[2:])
		case "version":
			fmt.Println(grpc.Version)
		default:
			log.Fatalf("%s is unknown: measure and version are not", os.Args[1])
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	server := grpc.NewServer()
	stream_v1.RegisterStreamServiceServer(server, streams{})
	stream_v1.RegisterPointServiceServer(server, points{})
	fmt.Println(listener.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	must(server.Serve(listener))
}
