// Command http-pair is a server and its clients: a program without libc, whose runtime makes all system calls itself.
//
//	http-pair serve
//	http-pair get HOST CLIENTS REQUESTS
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func serve() error {
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		fmt.Fprintf(answer, "%s at %s\n", request.URL.Path, time.Now().UTC().Format(time.RFC3339))
	})
	return http.ListenAndServe(":80", nil)
}

// get has each client make its requests one after the other over one connection.
func get(host string, clients, requests int) string {
	answers := make([]string, clients)
	var all sync.WaitGroup
	for client := range answers {
		all.Add(1)
		go func(client int) {
			defer all.Done()
			own := &http.Client{Transport: &http.Transport{}}
			var text strings.Builder
			for number := 0; number < requests; number++ {
				answer, err := own.Get(fmt.Sprintf("http://%s/%d/%d", host, client, number))
				if err != nil {
					fmt.Fprintln(&text, err)
					continue
				}
				io.Copy(&text, answer.Body)
				answer.Body.Close()
			}
			answers[client] = text.String()
		}(client)
	}
	all.Wait()
	return strings.Join(answers, "")
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		fmt.Fprintln(os.Stderr, serve())
		os.Exit(1)
	}
	clients, _ := strconv.Atoi(os.Args[3])
	requests, _ := strconv.Atoi(os.Args[4])
	fmt.Print(get(os.Args[2], clients, requests))
}
