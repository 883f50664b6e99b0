# ENV OPS_WEBHOOK=https://hooks.example.com/canary
# ENV OPS_SECRET=canary-of-a-secret
# ENV MAIN_KEY=canary-of-a-key
account "main" {
  endpoint     = env.OPS_WEBHOOK # ERROR: "env.OPS_WEBHOOK" can't be used here
  consumer_key = env.MAIN_KEY
}
notify "fine" {
  webhook = env.OPS_WEBHOOK
  secret  = env.OPS_SECRET
  on      = ["held", "held", "refused"]
}
notify "chat" {
  webhook = env.NOT_SET
  format  = "slack"
  on      = null
}
notify "unsigned" { # WARNING: Messages are not signed
  webhook = env.OPS_WEBHOOK
  format  = null
}
notify "no webhook" { # ERROR: Missing required argument # ERROR: Invalid name of a notify block
}
notify "literal" {
  webhook = "https://hooks.example.com/canary" # WARNING: webhook is written into the configuration
  secret  = "canary"                           # WARNING: secret is written into the configuration
}
notify "part" {
  webhook = "${env.OPS_WEBHOOK}/more"    # ERROR: env must stand alone
  secret  = trimspace(env.OPS_SECRET)    # ERROR: env must stand alone
}
notify "all" {
  webhook = env # ERROR: env must stand alone
}
notify "index" {
  webhook = env["OPS_WEBHOOK"] # ERROR: env must stand alone
  secret  = (env.OPS_SECRET)   # ERROR: env must stand alone
}
notify "computed" {
  webhook = trimspace("https://hooks.example.com/canary") # ERROR: webhook must be env.NAME or a text
  secret  = "" # ERROR: secret is empty
}
notify "nobody" {
  webhook = null # ERROR: webhook is empty
  format  = "slack"
}
notify "key" {
  webhook = env.MAIN_KEY  # ERROR: "env.MAIN_KEY" can't be used here
  secret  = env.GDF_TOKEN # ERROR: "env.GDF_TOKEN" can't be used here
}
notify "words" {
  webhook = env.OPS_WEBHOOK
  format  = "xml"                          # ERROR: Unknown format
  on      = ["held", "feed_stale"]         # ERROR: Unknown event
}
notify "nothing" {
  webhook = env.OPS_WEBHOOK
  on      = [] # ERROR: on must be a list of events
}
notify "text" {
  webhook = env.OPS_WEBHOOK
  on      = "held" # ERROR: on must be a list of events
}
notify "null" {
  webhook = env.OPS_WEBHOOK
  on      = [null] # ERROR: Unknown event
}
notify "attribute" {
  webhook = env.OPS_WEBHOOK
  channel = "#ops" # ERROR: Unsupported argument
}
notify "fine" { # ERROR: Duplicate notify "fine"
  webhook = env.OPS_WEBHOOK
  secret  = env.OPS_SECRET
}
variable "leak" {
  default = "x"
}
