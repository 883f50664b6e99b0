// Package prometheus prints a check of feeds as metrics, for the textfile
// collector of Prometheus' node exporter. What is unknown has no value: it is
// neither 0 nor 1.
package prometheus
