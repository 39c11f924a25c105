package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// result is one measurement.
type result struct {
	perSecond float64
	p50, p99  time.Duration
	bytes     int           // of one answer
	cpu       time.Duration // of one answer, in this process: the client's and the server's share together
	failures  int64
	example   string // one failure
}

// load sends requests from so many clients for a while. make gives the n-th
// request of a client.
func load(ctx context.Context, client *http.Client, clients int, length time.Duration, make func(client, n int) *http.Request) result {
	var r result
	var mu sync.Mutex
	var took []time.Duration
	var failures atomic.Int64
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	started, spent := time.Now(), processorTime()
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			var mine []time.Duration
			size, example := 0, ""
			for n := 0; ctx.Err() == nil; n++ {
				begun := time.Now()
				status, body, err := send(client, make(c, n))
				if err != nil || status >= 400 {
					failures.Add(1)
					example = fmt.Sprint(status, " ", err, " ", string(body[:min(len(body), 300)]))
					continue
				}
				mine = append(mine, time.Since(begun))
				size = len(body)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			r.bytes = max(r.bytes, size)
			if example != "" {
				r.example = example
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	if len(took) > 0 {
		r.perSecond = float64(len(took)) / time.Since(started).Seconds()
		r.p50, r.p99 = took[len(took)/2], took[len(took)*99/100]
		r.cpu = (processorTime() - spent) / time.Duration(len(took))
	}
	r.failures = failures.Load()
	return r
}

func send(client *http.Client, request *http.Request) (int, []byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// request makes a request of the benchmark's own addresses.
func request(method, address string, header http.Header, body []byte) *http.Request {
	r, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		panic(err) // the addresses are the benchmark's own
	}
	for name, values := range header {
		r.Header[name] = values
	}
	return r
}

// processorTime is what this process has used of its processors so far, 0 where
// it cannot be read. Beside other work it says more than the clock does.
func processorTime() time.Duration {
	raw, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	// The second field is the program's name in parentheses and may hold blanks.
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	var ticks int64
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100) // the kernel's USER_HZ is 100 everywhere Go runs
}

// memory is this process's resident set in MiB, after a collection.
func memory() float64 {
	runtime.GC()
	return residentOf(os.Getpid())
}

// residentOf is a process's resident set in MiB, 0 where it cannot be read.
func residentOf(pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err == nil {
				return n / 1024
			}
		}
	}
	return 0
}

// row prints one line of the report: ours, the floor, and their ratio, by the
// clock and by the processor time of one answer.
func row(name string, ours, floor result) {
	fmt.Printf("%-44s %9.0f/s  p50 %8s  p99 %8s  %7d B  floor %9.0f/s  ratio %s  cpu %8s, floor %8s, ratio %s", name, ours.perSecond, short(ours.p50), short(ours.p99), ours.bytes,
		floor.perSecond, share(ours.perSecond, floor.perSecond), short(ours.cpu), short(floor.cpu), share(floor.cpu.Seconds(), ours.cpu.Seconds()))
	if ours.failures > 0 {
		fmt.Printf("  FAILED %d: %s", ours.failures, ours.example)
	}
	fmt.Println()
}

func share(part, whole float64) string {
	if whole <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", part/whole)
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// profiled begins the CPU profile that was asked for; stop ends it.
func (b *bench) profiled() (stop func(), err error) {
	if b.profile == "" {
		return func() {}, nil
	}
	out, err := os.Create(b.profile)
	if err != nil {
		return nil, err
	}
	return pprof.StopCPUProfile, pprof.StartCPUProfile(out)
}
