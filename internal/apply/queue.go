package apply

// taskQueue holds tasks in the order of work. What is put back was taken from it
// before, so that there is always room in front: neither costs anything, however
// many tasks wait behind.
type taskQueue struct {
	tasks []*task
	at    int // of the first one that waits
}

func (q *taskQueue) len() int { return len(q.tasks) - q.at }

// first returns the task whose turn it is; there must be one.
func (q *taskQueue) first() *task { return q.tasks[q.at] }

// drop takes the first task away.
func (q *taskQueue) drop() { q.at++ }

// putBack puts tasks that were taken in front of all others.
func (q *taskQueue) putBack(tasks ...*task) {
	q.at -= len(tasks)
	copy(q.tasks[q.at:], tasks)
}

// next returns the first n tasks, or all if there are fewer.
func (q *taskQueue) next(n int) []*task {
	return q.tasks[q.at:][:min(n, q.len())]
}
