#!/usr/bin/env bash
# Runs the tests that judge promises of time, without the race detector and alone: what is
# late on a machine that does something else beside it proves nothing. With the race
# detector they are not there: their files have the build constraint !race.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=(
	TestTenantsAndGit
	TestAnIdleAgentDoesNotGrow
	TestAnAgentThatWasAwayForADueTimeContinues
	TestWhoReadsTheMetricsOfAnAgent
	TestAnAgentOutlivesAnOutageOfTheState
	TestThePageOfAnAgent
	TestAnAgentThatRestartsAllTheTimeRunsEachDueTime
	TestAnAgentThatShipsIsKilled
	TestAnAgentIsKilledWhileItSends
	TestAnAgentSendsNothingAfterSIGTERM
	TestNoCallArrivesAfterSIGTERM
	TestAFilePausesAnAgent
	TestAnAgentIsWatched
	TestAnAgentAcknowledgesByItselfAndTellsTheTruth
	TestAgentsAreUpgraded
	TestAWorkspaceHasOneStateOnAllMachines
	TestALongApplyGivesWayToASchedule
	TestAMachineThatIsAnHourAheadRunsNothingEarly
	TestAMachineDiesAndAnotherOneTakesItsRunUp
	TestAgentsOutliveAnOutageOfTheirDatabase
	TestAgentsOfManyWorkspacesAreKilledAtRandom
	TestMachinesShareTheCallLimit
	TestRestartsLoseNoDueTime
	TestStoppedWhileItBegins
	TestOnlyWhatTheMachineKeptWaitingIsSubtracted
)
packages=(./internal/acceptance ./internal/agent)
pattern=$(IFS='|'; echo "${tests[*]}")
go test -p 1 -parallel 4 -timeout 25m -run "^($pattern)\$" "${packages[@]}"
