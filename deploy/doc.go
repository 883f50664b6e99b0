// Package deploy holds what operators of agents give to other programs: systemd, Docker,
// Kubernetes, Prometheus and Grafana. There is no code in it that the program uses.
//
// The tests read each file as the program does that it is for, and check what no schema
// knows: that the metrics asked for are exposed, that every alert leads to its place in
// docs/oncall.md, and that all of them start and stop agents in the same way. That each
// command line is one of gdfctl's is checked beside its flags, in cmd/gdfctl.
//
// Read alerts_test.go first.
package deploy
