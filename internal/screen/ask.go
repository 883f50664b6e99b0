package screen

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
)

// errNobodyToAsk says that a change to the state would have to be approved.
var errNobodyToAsk = errors.New("can't ask for approval without a terminal; use --auto-approve. Nothing was changed")

// Question asks a person something that is done only for a yes.
func (s *Screen) Question(ctx context.Context, about string) (bool, error) {
	return s.answered(ctx, about+" Type 'yes' to continue:", "yes")
}

// answered asks a person something that is done only for one answer.
func (s *Screen) answered(ctx context.Context, question, want string) (bool, error) {
	fmt.Fprintf(s.Out, "\n%s ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.In).ReadString('\n') // an error reads as no
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case said := <-answer:
		return said == want, nil
	}
}

// CanAsk is an error where a person would have to be asked, and can't be.
func (s *Screen) CanAsk(format report.Format, auto bool) error {
	if !auto && (!s.Asks || format == report.JSON) {
		return errNobodyToAsk
	}
	return nil
}

// Approve shows a change to the state, unless the output is for programs, and
// asks about it.
func (s *Screen) Approve(ctx context.Context, format report.Format, auto bool, show func() error, question string) (bool, error) {
	if format != report.JSON {
		if err := show(); err != nil {
			return false, err
		}
	}
	if err := s.CanAsk(format, auto); err != nil || auto {
		return auto, err
	}
	return s.Question(ctx, question)
}
