standing "no good" { # ERROR: Invalid name of a standing order
}

standing "empty" { # ERROR: Missing required argument # ERROR: Missing required argument # ERROR: Missing required argument # ERROR: Missing required argument
}

standing "words" {
  live = {
    source    = ""    # ERROR: source is empty
    status    = "old" # ERROR: Invalid status in live
    olderthan = "10m" # ERROR: Unknown key in live
  }
  status       = "shipped"            # ERROR: Invalid status of a standing order
  order_number = live.source_order_nr # ERROR: live has no attribute "source_order_nr"
  max_per_run  = 0                    # ERROR: max_per_run is out of range
}

standing "missing" {
  live         = { status = "new" } # ERROR: live has no source # ERROR: live has no older_than
  status       = "acknowledged"
  order_number = "O-1" # ERROR: order_number is the same for all orders
  max_per_run  = null  # ERROR: max_per_run has no value
}

standing "ages" {
  live         = { source = "Walmart", older_than = "40d", newer_than = "1d" } # ERROR: No order can be that old # ERROR: No order that is read is that old
  status       = "acknowledged"
  order_number = row["PO"] # ERROR: "row" can't be used here
  max_per_run  = 1
}

standing "shape" {
  live         = "Walmart" # ERROR: Invalid live
  status       = "acknowledged"
  order_number = live.source_order_number + [] # ERROR: order_number can't be evaluated
  max_per_run  = 10
}

standing "lists" {
  live         = { source = "Walmart", older_than = "10m" }
  status       = "acknowledged"
  order_number = upper(live.id)
  max_per_run  = 10
  tracking     = "1Z" # ERROR: Unsupported argument
  only {              # ERROR: Missing required argument
    rows = csv("tables/shipments.csv")
  }
  except {
    rows = "holds.csv"     # ERROR: rows is not a table
    find = { po = row.PO } # ERROR: Invalid find
  }
  except { # ERROR: Duplicate except block
    rows = []
    find = { id = row.x }
  }
}

standing "twice" {
  live         = { source = "Walmart", older_than = "10m" }
  status       = "acknowledged"
  order_number = live.source_order_number
  max_per_run  = 10
  only { # it selects nothing, which is right
    rows = []
    find = { id = row.x }
  }
}

standing "twice" { # ERROR: Duplicate standing "twice"
  live         = { source = "eBay", older_than = "10m", older_than = "11m" } # ERROR: Invalid live
  status       = "acknowledged"
  order_number = live.created_at
  max_per_run  = 10
}

order "o" {
  status       = "acknowledged"
  order_number = live.id # ERROR: "live" can't be used here
}
