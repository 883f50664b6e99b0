package order

// Parcel is how an order goes, or would go, on its way. Number and carrier may be
// missing.
type Parcel struct {
	Tracking string `json:"tracking_number,omitempty"`
	Carrier  string `json:"carrier,omitempty"`
}

// PullWords call for a parcel that must not be handed over. Its number follows, up to
// the end of the message.
const PullWords = "PULL PARCEL "

// Pull calls for a parcel that must not be handed over.
func (p Parcel) Pull() string {
	if p.Tracking == "" {
		return PullWords + "(no number)"
	}
	return PullWords + p.Tracking
}

// Parcel is what these values send.
func (v Values) Parcel() Parcel { return Parcel{v.Tracking, v.Carrier} }
