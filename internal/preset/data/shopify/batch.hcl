# One row per item, of which the first has all values. GoDataFeed has the number without #.
group = row["Name"]
find  = { source_order_number = trim(row["Name"], "=\"'# ") }

acknowledged {
  # What is not paid, or paid back, is not packed. Another word than these is not guessed: it holds the order back.
  where        = row["Name"] == "" || row["Cancelled at"] != "" ? false : { "paid" = true, "authorized" = true, "partially_refunded" = true, "" = false, "pending" = false, "unpaid" = false, "partially_paid" = false, "expired" = false, "voided" = false, "refunded" = false }[lower(trimspace(row["Financial Status"]))]
  order_number = trim(row["Name"], "=\"' ")
}

cancelled {
  where = row["Cancelled at"] != ""
}
