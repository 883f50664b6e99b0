package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/gdfctl/gdfctl/internal/carrier"
)

func carrierFunctions() map[string]function.Function {
	return map[string]function.Function{"carrier": carrierName, "tracking_url": trackingURL}
}

// carrierName is carrier(name): the name that marketplaces take. One that is not
// known stays as it is, without outer space; null stays null.
var carrierName = function.New(&function.Spec{
	Description: "The name of a carrier that marketplaces take.",
	Params:      []function.Parameter{{Name: "name", Type: cty.String, AllowNull: true}},
	Type:        function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].IsNull() {
			return args[0], nil
		}
		return nameOfCarrier(args[0].AsString()), nil
	},
})

func nameOfCarrier(name string) cty.Value { return cty.StringVal(carrier.Name(name, "")) }

// trackingURL is tracking_url(carrier, number): where the parcel can be followed,
// or null where that is not known.
var trackingURL = function.New(&function.Spec{
	Description: "Where a parcel can be followed.",
	Params: []function.Parameter{
		{Name: "carrier", Type: cty.String, AllowNull: true}, {Name: "number", Type: cty.String, AllowNull: true},
	},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if args[0].IsNull() || args[1].IsNull() {
			return cty.NullVal(cty.String), nil
		}
		url := carrier.TrackingURL(args[0].AsString(), args[1].AsString())
		if url == "" {
			return cty.NullVal(cty.String), nil
		}
		return cty.StringVal(url), nil
	},
})
