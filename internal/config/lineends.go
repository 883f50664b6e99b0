package config

import (
	"bytes"
	"regexp"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/lang"
)

// heredocWithCRLF is the beginning of a heredoc on a line that ends with CR LF.
var heredocWithCRLF = regexp.MustCompile(`(?m)^[^#\n]*<<-?[\pL_][\pL\pN_-]*\r\n`)

// LineEnds warns of CR LF where it means something. Between tokens it is as good
// as LF; in a heredoc the carriage returns are part of the value.
func LineEnds(text []byte, name string) diag.List { return lang.Plain(lineEnds(text, name)) }

func lineEnds(text []byte, name string) hcl.Diagnostics {
	at := heredocWithCRLF.FindIndex(text)
	if at == nil {
		return nil
	}
	line := bytes.Count(text[:at[0]], []byte("\n")) + 1
	return warningAt(rowRange(name, line, 1), "A heredoc with CR LF line ends",
		"The lines of this file end with CR LF, as git's autocrlf makes them, and the carriage returns are part of the heredoc's value. "+
			"Save the file with LF; a line `*.hcl text eol=lf` in .gitattributes keeps it so.")
}
