# ENV OPS_WEBHOOK=https://hooks.example.com/canary
# ENV OPS_SECRET=canary-of-a-secret
# ENV MAIN_KEY=canary-of-a-key
account "main" {
  endpoint     = env.OPS_WEBHOOK # ERROR: "env.OPS_WEBHOOK" can't be used here
  consumer_key = env.MAIN_KEY
}
notify "fine" {
  webhook = env["OPS_WEBHOOK"]
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
  webhook = "https://hooks.example.com/canary" # ERROR: webhook must be a variable of the environment
  secret  = "canary"                           # ERROR: secret must be a variable of the environment
}
notify "part" {
  webhook = "${env.OPS_WEBHOOK}/more"    # ERROR: webhook must be a variable of the environment
  secret  = trimspace(env.OPS_SECRET)    # ERROR: secret must be a variable of the environment
}
notify "all" {
  webhook = env # ERROR: webhook must be a variable of the environment
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
