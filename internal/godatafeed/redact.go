package godatafeed

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Brief is what went wrong in this program's own words, without the operation
// and without any foreign text: what can be shown and kept unseen.
func (e *Error) Brief() string {
	switch {
	case e.Reason != "":
		return e.Reason
	case e.Status != 0:
		return statusText(e.Status)
	}
	return "the answer makes no sense"
}

// Redact takes what is known of an order's buyer out of a text about that
// order, so that the API's words can be shown and kept. It costs one call; the
// buyer's data is held for as long as that takes. On an error nothing can be
// said about the text, and it must not be used.
func (c *Client) Redact(ctx context.Context, id, text string) (string, error) {
	o, err := c.GetOrderWithBuyer(ctx, id)
	if err != nil {
		return "", err
	}
	return o.Buyer.redact(text), nil
}

// leastWord is the shortest word of a buyer's data that is looked for. Shorter
// ones, like a state's two letters, stand in every sentence.
const leastWord = 3

// redact replaces every word of the buyer's data, whatever its case.
func (b Buyer) redact(text string) string {
	words := map[string]bool{}
	for _, field := range []string{
		b.Email, b.Phone, b.UserID, b.FirstName, b.LastName, b.Company, b.Street1, b.Street2, b.City,
		b.PostalCode, b.PaymentType, b.PaymentTransaction,
	} {
		for _, word := range strings.FieldsFunc(field, notOfWord) {
			if utf8.RuneCountInString(word) >= leastWord {
				words[strings.ToLower(word)] = true
			}
		}
	}
	var out strings.Builder
	for len(text) > 0 {
		size := strings.IndexFunc(text, notOfWord)
		switch {
		case size == 0:
			_, size = utf8.DecodeRuneInString(text)
			out.WriteString(text[:size])
		case size < 0:
			size = len(text)
			fallthrough
		default:
			if word := text[:size]; words[strings.ToLower(word)] {
				out.WriteString("[buyer]")
			} else {
				out.WriteString(word)
			}
		}
		text = text[size:]
	}
	return out.String()
}

func notOfWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
