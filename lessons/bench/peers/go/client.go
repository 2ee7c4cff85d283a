package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"strconv"
	"time"

	"google.golang.org/grpc"

	"stream/v1"
)

// The client of the benchmark in Go, for Go on both sides: measures one way once, as ../../messages.rs does, and
// prints how many a second. The words are the way, its count, and the server's address.
func measure(words []string) {
	if len(words) != 3 {
		log.Fatal("usage: bench measure list|record|route|round_trips|calls COUNT ADDRESS")
	}
	count, err := strconv.ParseInt(words[1], 10, 32)
	must(err)
	connection, err := grpc.Dial(words[2], grpc.WithInsecure(), grpc.WithBlock())
	must(err)
	defer connection.Close()
	client := stream_v1.NewStreamServiceClient(connection)
	ways := map[string]func(int32) time.Time{
		"list":        func(count int32) time.Time { return list(client, count) },
		"record":      func(count int32) time.Time { return record(client, count) },
		"route":       func(count int32) time.Time { return route(client, count) },
		"round_trips": func(count int32) time.Time { return roundTrips(client, count) },
		"calls": func(count int32) time.Time {
			return calls(stream_v1.NewPointServiceClient(connection), count)
		},
	}
	way, known := ways[words[0]]
	if !known {
		log.Fatalf("%s is not measured", words[0])
	}
	began := way(int32(count))
	fmt.Println(float64(count) / time.Since(began).Seconds())
}

func point(value int32) *stream_v1.StreamPoint {
	return &stream_v1.StreamPoint{Name: "point", Value: value}
}

func list(client stream_v1.StreamServiceClient, count int32) time.Time {
	began := time.Now()
	responses, err := client.List(context.Background(), &stream_v1.StreamRequest{Pt: point(count)})
	must(err)
	all(responses.Recv, count)
	return began
}

func record(client stream_v1.StreamServiceClient, count int32) time.Time {
	began := time.Now()
	requests, err := client.Record(context.Background())
	must(err)
	for value := int32(1); value <= count; value++ {
		must(requests.Send(&stream_v1.StreamRequest{Pt: point(value)}))
	}
	answer, err := requests.CloseAndRecv()
	must(err)
	arrived(answer.GetPt().GetValue(), count)
	return began
}

func route(client stream_v1.StreamServiceClient, count int32) time.Time {
	began := time.Now()
	both, err := client.Route(context.Background())
	must(err)
	go func() {
		for value := int32(1); value <= count; value++ {
			must(both.Send(&stream_v1.StreamRequest{Pt: point(value)}))
		}
		must(both.CloseSend())
	}()
	all(both.Recv, count)
	return began
}

func roundTrips(client stream_v1.StreamServiceClient, count int32) time.Time {
	both, err := client.Route(context.Background())
	must(err)
	trip := func(value int32) {
		must(both.Send(&stream_v1.StreamRequest{Pt: point(value)}))
		_, err := both.Recv()
		must(err)
	}
	trip(0)
	began := time.Now()
	for value := int32(1); value <= count; value++ {
		trip(value)
	}
	return began
}

func calls(client stream_v1.PointServiceClient, count int32) time.Time {
	began := time.Now()
	for value := int32(0); value < count; value++ {
		request := &stream_v1.PutRequest{Points: []*stream_v1.StreamPoint{point(value)}}
		_, err := client.Put(context.Background(), request)
		must(err)
	}
	return began
}

// Reads a stream to its end.
func all(receive func() (*stream_v1.StreamResponse, error), count int32) {
	for got := int32(0); ; got++ {
		_, err := receive()
		if err == io.EOF {
			arrived(got, count)
			return
		}
		must(err)
	}
}

func arrived(got, count int32) {
	if got != count {
		log.Fatalf("%d of %d messages arrived", got, count)
	}
}
