package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseFault reads the text form of a fault:
//
//	OPERATION:KIND[=VALUE][:KEY=VALUE]...
//
// The value of a kind is its status (status, html, success_false, redirect,
// empty) or its delay (hang, slow_body, delay). Keys are nth, p, times, delay,
// effect (alone: true) and retry_after, which comes last and may hold colons.
//
//	update_status:status=500:p=0.1        one in ten updates answers 500 and is not executed
//	update_status:status=503:effect:nth=3 the third answers 503 and is executed
//	list_orders:cut_before:nth=2:times=3  the second to fourth listing is cut
//	acknowledge:hang=90s:effect           no answer, the connection is cut after 90 seconds
//	any:status=429:times=5:retry_after=30 five calls are asked to wait
//	download:slow_body=2m                 every download drips for two minutes
//	any:html=502:p=0.01                   a proxy's error page now and then
func ParseFault(text string) (Fault, error) {
	f, err := parseFault(text)
	if err == nil {
		err = f.validate()
	}
	if err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	return f, nil
}

func parseFault(text string) (f Fault, err error) {
	op, rest, ok := strings.Cut(strings.TrimSpace(text), ":")
	if !ok || op == "" {
		return f, fmt.Errorf("want OPERATION:KIND, such as update_status:status=500")
	}
	head, rest, more := strings.Cut(rest, ":")
	kind, value, hasValue := strings.Cut(head, "=")
	f.Op, f.Kind = Op(op), Kind(kind)
	if hasValue {
		if err := f.setValue(value); err != nil {
			return f, err
		}
	}
	for more {
		if wait, ok := strings.CutPrefix(rest, "retry_after="); ok {
			f.RetryAfter = wait
			break
		}
		var part string
		part, rest, more = strings.Cut(rest, ":")
		if err := f.setKey(part); err != nil {
			return f, err
		}
	}
	return f, nil
}

// setValue reads what follows the kind.
func (f *Fault) setValue(value string) error {
	if _, ok := statusKinds[f.Kind]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n == 0 {
			return fmt.Errorf("%s=%s: want a status such as 500", f.Kind, value)
		}
		f.Status = n
		return nil
	}
	switch f.Kind {
	case FaultHang, FaultSlowBody, FaultDelay:
		return f.setKey("delay=" + value)
	case FaultCutBefore, FaultCutAfter, FaultHalfBody:
		return fmt.Errorf("%s takes no value", f.Kind)
	}
	return nil // an unknown kind is reported as such
}

func (f *Fault) setKey(part string) (err error) {
	key, value, _ := strings.Cut(part, "=")
	switch key {
	case "nth":
		if f.Nth, err = strconv.Atoi(value); err != nil || f.Nth < 1 {
			return fmt.Errorf("nth=%s: want a number from 1 on", value)
		}
	case "times":
		if f.Times, err = strconv.Atoi(value); err != nil || f.Times < 1 {
			return fmt.Errorf("times=%s: want a number from 1 on", value)
		}
	case "p":
		if f.Probability, err = strconv.ParseFloat(value, 64); err != nil || !(f.Probability > 0) {
			return fmt.Errorf("p=%s: want a share above 0, up to 1", value)
		}
	case "delay":
		if f.Delay, err = time.ParseDuration(value); err != nil {
			return fmt.Errorf("delay %q: want a duration such as 500ms or 90s", value)
		}
	case "effect":
		switch value {
		case "", "true":
			f.Effect = true
		case "false":
			f.Effect = false
		default:
			return fmt.Errorf("effect=%s: want true or false", value)
		}
	default:
		return fmt.Errorf("unknown key %q: want nth, p, times, delay, effect or retry_after", key)
	}
	return nil
}

// String is the text form that ParseFault reads.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%s", f.Op, f.Kind)
	if f.Status != 0 {
		fmt.Fprintf(&b, "=%d", f.Status)
	}
	if f.Delay != 0 {
		fmt.Fprintf(&b, ":delay=%s", f.Delay)
	}
	if f.Nth != 0 {
		fmt.Fprintf(&b, ":nth=%d", f.Nth)
	}
	if f.Probability != 0 {
		fmt.Fprintf(&b, ":p=%v", f.Probability)
	}
	if f.Times != 0 {
		fmt.Fprintf(&b, ":times=%d", f.Times)
	}
	if f.Effect {
		b.WriteString(":effect")
	}
	if f.RetryAfter != "" {
		b.WriteString(":retry_after=" + f.RetryAfter)
	}
	return b.String()
}

// MarshalText writes the text form.
func (f Fault) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads the text form.
func (f *Fault) UnmarshalText(text []byte) (err error) {
	*f, err = ParseFault(string(text))
	return err
}
