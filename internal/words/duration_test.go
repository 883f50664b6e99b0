package words

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                       "1 s",
		400 * time.Millisecond:                  "1 s",
		28*time.Second + 400*time.Millisecond:   "28 s",
		59*time.Second + 600*time.Millisecond:   "1 min",
		34*time.Minute + 28*time.Second:         "34 min 28 s",
		time.Hour + 59*time.Second:              "1 h",
		24 * time.Hour:                          "24 h",
		26*time.Hour + 10*time.Minute:           "26 h 10 min",
		72*time.Hour - 400*time.Millisecond:     "3 d",
		5*24*time.Hour + 4*time.Hour:            "5 d 4 h",
		1000 * 24 * time.Hour:                   "1,000 d",
		-(2*time.Minute + 500*time.Millisecond): "-2 min 1 s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                              "less than a minute",
		59 * time.Second:               "less than a minute",
		time.Minute:                    "1 minute",
		59*time.Minute + time.Second:   "59 minutes",
		time.Hour:                      "1 hour",
		47*time.Hour + 59*time.Minute:  "47 hours",
		48 * time.Hour:                 "2 days",
		62*24*time.Hour + 23*time.Hour: "62 days",
		2000 * 24 * time.Hour:          "2,000 days",
		-5 * time.Minute:               "5 minutes",
	} {
		if got := Age(d); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}
