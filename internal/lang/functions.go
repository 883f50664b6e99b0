package lang

import (
	"maps"
	"os"
	"time"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty/function"
)

// Options are what functions know of the world.
type Options struct {
	Root     *os.Root         // where file reads; nil: nowhere
	Now      func() time.Time // for age; nil: age is an error
	Location *time.Location   // of times written without a zone; nil: none is known
}

// Functions are the functions that an expression may call, by name: Terraform's
// for strings, numbers, collections, times, encodings and hashes, with its
// meanings, and gdfctl's own parse_time, duration, age, file, carrier, strlen and
// tracking_url. Apart from age and file, they depend only on their arguments. The
// tables csv and jsonl are not among them, because they are not values.
func Functions(o Options) map[string]function.Function {
	all := map[string]function.Function{
		"try":  tryfunc.TryFunc,
		"can":  tryfunc.CanFunc,
		"file": fileFunction(o.Root),
	}
	maps.Copy(all, stringFunctions())
	maps.Copy(all, patternFunctions())
	maps.Copy(all, numberFunctions())
	maps.Copy(all, collectionFunctions())
	maps.Copy(all, conversionFunctions())
	maps.Copy(all, encodingFunctions())
	maps.Copy(all, timeFunctions(o))
	maps.Copy(all, carrierFunctions())
	return all
}
