// Writes the lines of standard input through lumberjack, the rotating writer of the Collector's
// file exporter: lumberjack <path> <buffered|unbuffered>. Unbuffered, a line and its newline are
// two writes; buffered, writes are pieces of 4,096 bytes, whatever a line is.
package main

import (
	"bufio"
	"io"
	"os"

	"gopkg.in/natefinch/lumberjack.v2"
)

func main() {
	rotating := &lumberjack.Logger{Filename: os.Args[1], MaxSize: 1}
	var out io.Writer = rotating
	buffer := bufio.NewWriterSize(rotating, 4096)
	if os.Args[2] == "buffered" {
		out = buffer
	}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			write(out, line[:len(line)-1])
			write(out, line[len(line)-1:])
		}
		if err != nil {
			break
		}
	}
	if buffer.Flush() != nil || rotating.Close() != nil {
		os.Exit(1)
	}
}

func write(out io.Writer, bytes []byte) {
	if _, err := out.Write(bytes); err != nil {
		panic(err)
	}
}
