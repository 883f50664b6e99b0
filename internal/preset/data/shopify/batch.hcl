# One row per item, of which the first has all values. GoDataFeed has the number without #.
group = row["Name"]
find  = { source_order_number = trim(row["Name"], "=\"'# ") }

acknowledged {
  where        = row["Name"] != "" && row["Cancelled at"] == ""
  order_number = trim(row["Name"], "=\"' ")
}

cancelled {
  where = row["Cancelled at"] != ""
}
