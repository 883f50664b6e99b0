package sandbox

// wireOrder is an order in the reference's order of fields.
type wireOrder struct {
	OrderId                        string
	BuyerEmailAddress              string
	BuyerPhoneNumber               string
	DateCreatedInDestination       *string
	DateCreatedInOrderSource       *string
	DateShipped                    *string
	GrandTotal                     any
	OrderDestinationOrderNumber    *string
	OrderSource                    string
	OrderSourceOrderNumber         string
	PaymentTransactionId           *string
	PaymentType                    *string
	ShipmentTrackingNumber         *string
	OrderItems                     []wireItem
	BuyerUserId                    *string
	City                           string
	Country                        string
	FirstName                      string
	GiftWrapTotal                  any
	GiftWrapTaxTotal               any
	LastName                       string
	PostalCode                     string
	ShippingServiceName            string
	ShippingServiceValue           string
	ShippingTotal                  any
	ShippingTaxTotal               any
	ShipToCompanyName              *string
	StateOrProvince                string
	Street1                        string
	Street2                        string
	SubTotal                       any
	SyncUserErrorMessage           string
	ShippingMethod                 string
	DestinationShippingCarrier     *string
	OrderStatus                    string
	SourceOrderStatus              string
	SyncStatus                     string
	OrderSourceCustomerOrderNumber *string
	IsAmazonPrime                  bool
	*otherOrder
}

// otherOrder are fields of an order that the reference does not have.
type otherOrder struct {
	MarketplaceId string
	Tags          []string
}

type wireItem struct {
	OrderItemId string
	Sku         string
	Name        string
	Quantity    int
	UnitPrice   any
	SaleTaxCost any
	Discount    string
}

type wireFeed struct {
	FeedId                  string
	Name                    string
	Status                  string
	FileName                string
	DateLastCompiled        *string
	DateLastSubmitted       *string
	DateLastPulled          *string // null in every answer seen
	CompilationTotalCount   int
	CompilationValidCount   int
	CompilationWarningCount int
	CompilationErrorCount   int
	Score                   int
	*otherFeed
}

// otherFeed is a field of a feed that the reference does not have.
type otherFeed struct {
	Channel string
}
