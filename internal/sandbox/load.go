package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// loadWorld reads the file. No file, or none wanted, is no world and no error.
func loadWorld(path string) (*world, worldFile, error) {
	f := worldFile{path: path, all: true}
	if path == "" {
		return nil, f, nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f, nil
	}
	if err != nil {
		return nil, f, fmt.Errorf("sandbox: %w", err)
	}
	defer file.Close()
	w, whole, err := decodeWorld(file)
	if err != nil {
		return nil, f, fmt.Errorf("sandbox: %s %w; remove it to start with a new world", path, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, f, fmt.Errorf("sandbox: %w", err)
	}
	f.all = !whole || w.Version != worldVersion
	f.size, f.anew = info.Size(), 2*info.Size()+spare
	f.ledger = len(w.Ledger)
	return w, f, nil
}

// decodeWorld reads the world and its changes. A last line that was not written
// to its end was never answered for, and is left out; then the file is not whole.
func decodeWorld(r io.Reader) (w *world, whole bool, err error) {
	lines := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	w = &world{}
	if err := lines.Decode(w); err != nil {
		return nil, false, fmt.Errorf("is not a sandbox's file (%w)", err)
	}
	if w.Version != worldVersion && w.Version != worldVersionOnce {
		return nil, false, fmt.Errorf("has format version %d, this program reads %d", w.Version, worldVersion)
	}
	at := map[string]int{} // the places of orders
	once := w.Orders
	w.Orders = nil
	if err := w.takeOrders(once, at); err != nil {
		return nil, false, err
	}
	for {
		var c change
		switch err := lines.Decode(&c); {
		case errors.Is(err, io.EOF):
			return w, true, nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return w, false, nil
		case err != nil:
			return nil, false, fmt.Errorf("is not a sandbox's file (%w)", err)
		}
		if err := w.take(c, at); err != nil {
			return nil, false, err
		}
	}
}

// take lets a change happen.
func (w *world) take(c change, at map[string]int) error {
	w.Serial = max(w.Serial, c.Serial)
	w.Ledger = append(w.Ledger, c.Ledger...)
	for _, e := range c.Scheduled {
		w.schedule(e)
	}
	if c.Happened < 0 || c.Happened > len(w.Events) {
		return errors.New("records events that could not happen")
	}
	w.Events = w.Events[c.Happened:]
	return w.takeOrders(c.Orders, at)
}

// takeOrders takes in orders, each in the place of what it was before.
func (w *world) takeOrders(orders []*order, at map[string]int) error {
	for _, o := range orders {
		if o == nil || o.ID == "" {
			return errors.New("holds an order without an id")
		}
		if i, there := at[o.ID]; there {
			w.Orders[i] = o
			continue
		}
		at[o.ID] = len(w.Orders)
		w.Orders = append(w.Orders, o)
	}
	return nil
}
