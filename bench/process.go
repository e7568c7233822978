package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// watch waits for a process and gives the peak of its resident memory in MB, or 0 where the system does not tell. The peak is read while the
// process runs: what wait4 reports afterwards includes the memory of this program, from which the process was forked.
func watch(pid int, done <-chan error) (peak float64, err error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return peak, err
		case <-tick.C:
			peak = max(peak, highWater(pid))
		}
	}
}

// highWater reads the peak that the kernel keeps of a process: it never goes down, so the last look before the end is enough.
func highWater(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		var kB float64
		if _, err := fmt.Sscanf(string(line), "VmHWM: %f kB", &kB); err == nil {
			return kB / 1024
		}
	}
	return 0
}

// processor is the processor time that this program has spent, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// processorOf is the processor time that a process has spent, in seconds, or 0 where the system does not tell.
func processorOf(pid int) float64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	const ticks = 100 // a second, on every Linux that Go knows
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var sum float64
	for _, n := range []int{11, 12} { // utime and stime, counted from behind the name
		if n < len(fields) {
			t, _ := strconv.ParseFloat(fields[n], 64) // the kernel writes numbers
			sum += t / ticks
		}
	}
	return sum
}
