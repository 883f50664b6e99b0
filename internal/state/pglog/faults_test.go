package pglog

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// The kinds of messages that hold a transaction, and that end its answer.
const (
	query = 'Q'
	ready = 'Z'
)

// faulty is a log of one record, of which one writer is behind a proxy.
func faulty(t *testing.T) (*stores.Database, *stores.Proxy, *writer, []sharedlog.Raw) {
	t.Helper()
	db := stores.Postgres(t)
	w := begun(t, db.URL, 0)
	first := w.next()
	must(t, w.push(t, first))
	proxy := stores.NewProxy(t, db.Address)
	return db, proxy, &writer{Place: open(t, db.Through(proxy.Address)), end: w.end}, []sharedlog.Raw{first}
}

// The connection is cut before each message of the answer in turn. The transaction
// was committed each time.
func TestAnAnswerThatIsLost(t *testing.T) {
	t.Parallel()
	db, proxy, w, records := faulty(t)
	for cut, lost := 0, true; lost; cut++ {
		proxy.Filter(func() (up, down stores.Filter) {
			sent := make(chan bool, 10)
			answers, asked := 0, false
			return messages(true, func(kind byte, _ []byte) error {
					if kind == query {
						sent <- true
					}
					return nil
				}), messages(false, func(byte, []byte) error {
					select {
					case <-sent:
						asked = true
					default:
					}
					if asked {
						answers++
					}
					if asked && answers > cut {
						return errCut
					}
					return nil
				})
		})
		proxy.Cut()
		r := w.next()
		err := w.push(t, r)
		if lost = err != nil; lost {
			wantUnclear(t, err)
			proxy.Filter(nil)
			if !w.insist(t, r) {
				t.Fatalf("after %d messages: the record is not in the log", cut)
			}
		}
		records = append(records, r)
		wantRecords(t, db, records...)
	}
	if len(records) < 8 {
		t.Errorf("%d records: the answer has more messages", len(records))
	}
}

// The connection is cut before the whole of the transaction was sent. Nothing was
// executed, and no lock is left.
func TestATransactionThatIsCut(t *testing.T) {
	t.Parallel()
	db, proxy, w, records := faulty(t)
	for _, most := range []int{0, 1, 5, 200, 1 << 20} {
		proxy.Filter(func() (up, down stores.Filter) {
			return func(from io.Reader, to io.Writer) error {
				return messages(true, func(kind byte, message []byte) error {
					if kind != query {
						return nil
					}
					_, err := to.Write(message[:min(most, len(message)-1)]) // all but the last byte, at most
					return errors.Join(errCut, err)
				})(from, to)
			}, messages(false, all)
		})
		proxy.Cut()
		r := w.next()
		wantUnclear(t, w.push(t, r))
		wantRecords(t, db, records...)
		proxy.Filter(nil)
		if !w.insist(t, r) {
			t.Fatalf("after %d bytes: the record is not in the log", most)
		}
		records = append(records, r)
		wantRecords(t, db, records...)
	}
}

// A transaction is held back on its way, and the writer gives up. What was sent is
// executed later: before the writer repeats it, after that, meanwhile, or when
// another writer has appended something.
func TestATransactionThatIsExecutedLate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t *testing.T, w, other *writer, r sharedlog.Raw, release func()) []sharedlog.Raw{
		"before the repetition": func(t *testing.T, w, _ *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			release()
			if !w.insist(t, r) {
				t.Error("the record is not in the log")
			}
			return []sharedlog.Raw{r}
		},
		"after the repetition": func(t *testing.T, w, _ *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			must(t, w.push(t, r))
			release()
			return []sharedlog.Raw{r}
		},
		"when the log has grown": func(t *testing.T, w, _ *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			must(t, w.push(t, r))
			more := w.next()
			must(t, w.push(t, more))
			release()
			return []sharedlog.Raw{r, more}
		},
		"when the log has grown and was trimmed": func(t *testing.T, w, _ *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			must(t, w.push(t, r))
			more := w.next()
			must(t, w.push(t, more))
			must(t, w.Trim(t.Context(), more.N))
			release()
			return []sharedlog.Raw{more}
		},
		"when another writer has won": func(t *testing.T, w, other *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			won := other.next()
			must(t, other.push(t, won))
			release()
			if w.insist(t, r) {
				t.Error("two records are in one place")
			}
			return []sharedlog.Raw{won}
		},
		"meanwhile": func(t *testing.T, w, _ *writer, r sharedlog.Raw, release func()) []sharedlog.Raw {
			go release()
			if !w.insist(t, r) {
				t.Error("the record is not in the log")
			}
			release()
			return []sharedlog.Raw{r}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, proxy, w, records := faulty(t)
			held, let, executed := make(chan bool), make(chan bool), make(chan bool)
			proxy.Filter(func() (up, down stores.Filter) {
				return func(from io.Reader, to io.Writer) error {
						err := messages(true, func(kind byte, _ []byte) error {
							if kind == query {
								close(held)
								<-let
							}
							return nil
						})(from, to)
						<-executed // until then the server has a client
						return err
					}, messages(false, func(kind byte, _ []byte) error {
						select {
						case <-held:
							if kind == ready {
								close(executed)
							}
						default:
						}
						return nil
					})
			})
			r := w.next()
			ctx, giveUp := context.WithCancel(t.Context())
			result := make(chan error)
			go func() { result <- w.Append(ctx, w.end, r) }()
			<-held
			proxy.Filter(nil)
			giveUp()
			err := <-result
			wantUnclear(t, err)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, expected one that says it was interrupted", err)
			}
			releases := make(chan bool, 1)
			releases <- true
			release := func() {
				if <-releases {
					close(let)
				}
				releases <- false
				<-executed
			}
			after := test(t, w, &writer{Place: open(t, db.URL), end: w.end}, r, release)
			wantRecords(t, db, append(records, after...)...)
		})
	}
}
