package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
)

// approve asks a person, unless the plan was saved and so reviewed, or there
// is nothing to send.
func (a *applying) approve(ctx context.Context) error {
	if a.o.autoApprove || a.saved != nil || len(a.plan.Changes) == 0 {
		return nil
	}
	fmt.Fprint(a.p.stdout, "\nMake these changes? They can't be undone. Type 'yes' to continue: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.p.stdin).ReadString('\n') // an error reads as no
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return errInterrupted
	case text := <-answer:
		if text != "yes" {
			return errors.New("not approved; nothing was changed")
		}
	}
	return nil
}
