package cli_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"commontable/internal/cli"
	"commontable/internal/testing/browser"
)

// TestDemoByHand does what the README asks for: start the demonstration, choose
// to be the director, arrive at the table.
func TestDemoByHand(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := strings.Replace(free.Addr().String(), "127.0.0.1", "localhost", 1)
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main([]string{"demo", "--size", "small", "--addr", strings.Replace(address, "localhost", "127.0.0.1", 1)}, io.Discard, io.Discard)
	}()
	ready := false
	for range 200 {
		if response, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = response.Body.Close()
			ready = true
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if !ready {
		t.Fatal("the demonstration does not answer")
	}
	page := browser.Open(t).Page(t)
	page.Visit("http://" + address + "/demo")
	page.Axe()
	page.Screenshot("demo")
	page.Click(`form[action="/demo"] button`)
	page.WaitURL("/sign-in/link/")
	page.Follow("main button[type=submit]")
	page.WaitURL("/c/tamarack-valley/")
	page.WaitText("Tamarack Valley Cradle to Career")
	page.Screenshot("demo-home")
	page.Close()
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("the demonstration ended with %d", code)
	}
}
