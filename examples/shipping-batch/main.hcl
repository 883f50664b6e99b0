# A day's shipments, for the real API. Put the export of the shipping software
# into shipments/, review the plan, and apply it.
#
#   export GDF_CONSUMER_KEY=...      or GDF_TOKEN
#   gdfctl plan  --chdir examples/shipping-batch --out today.plan
#   gdfctl apply --chdir examples/shipping-batch today.plan

gdfctl {
  required_version = ">= 0.1"
}

account "default" {
  # No endpoint: the default is GDF_ENDPOINT or https://api.godatafeed.com.
  # No key: it comes from GDF_CONSUMER_KEY or GDF_TOKEN.
  timezone = "America/New_York" # the time zone of the export; gdfctl never guesses one
  lookback = "30d"              # how far back to look for orders
}

locals {
  # The names of the stores: in the shipping software, and at GoDataFeed.
  stores = {
    "Amazon US"   = "Amazon"
    "Walmart.com" = "Walmart"
    "eBay Store"  = "eBay"
  }
}

# Each row is a parcel that left the warehouse. Files are read in the order of
# their names, so name them by date.
batch "shipments" {
  rows   = csv("shipments/*.csv")
  voided = row["Void"] == "Y" # ignore voided labels
  latest = "file"             # for reprinted labels, the later file wins

  find            = { source = local.stores[row["Store"]], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
  shipped_at      = parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"])
}

# An order that people handled: gdfctl no longer changes it, and the audit log
# records why.
#
# release "amazon-114-1357913-2468024" {
#   find   = { source = "Amazon", source_order_number = "114-1357913-2468024" }
#   reason = "buyer canceled, parcel pulled"
# }

policy {
  max_changes       = 5000
  max_cancellations = 0 # this directory only ships
  max_held          = 20
  max_plan_age      = "12h"

  rule "tracking number" {
    condition = change.after.tracking_number != null
    message   = "the row has no tracking number"
  }

  rule "known carriers" {
    when      = change.after.carrier != null
    condition = contains(["UPS", "USPS", "FedEx"], change.after.carrier)
    message   = "carrier ${change.after.carrier} is not ours"
  }
}
