#!/usr/bin/env bash
# Runs without the race detector what scripts/race.sh leaves out or cuts short: all tests
# of packages that start no goroutine, and tests that try every history, every fault or
# every argument, one after the other, or measure memory. The detector makes these many times
# slower and shows nothing. With it they are shorter, or not there: files with the build
# constraint !race say so, and each package that has one is listed here.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t others < <(scripts/raced.sh others)
tests=(
	TestModel
	TestEveryReaderGetsAWholeState
	TestEveryFailure
	TestEveryFailureWhileRecovering
	TestEveryFailureOfRotating
	TestManyFaults
	TestWhatIsWantedIsExecutedOnce
	TestAccountsRunSideBySide
	TestWritingIntentsFarAwayCostsNoTime
	TestSizesOfSource
	TestLookingAtSourceTakesLittleMemory
	TestAuditExportStreams
	TestNoArgumentWritesALine
	TestNoExpressionPrintsAKey
	TestMessagesQuoteNoFile
	TestMistakesWithoutEnd
	TestConfigurationsThatAreTooLarge
	TestFaultsFarApart
	TestRowsThatComeToNothingAreGivenUp
	TestMemoryIsBounded
	TestALogIsWhatAFileWouldBe
	TestALogStaysShort
	TestThePageTellsTheTruth
	TestOtherNamesAreNotDueMoreOften
	TestMutantsFit
)
packages=(
	./internal/state/shared ./cmd/gdfctl ./internal/apply ./internal/state ./internal/lang
	./internal/config ./internal/feedfile ./internal/memory ./internal/agent ./internal/mutants
)
pattern=$(IFS='|'; echo "${tests[*]}")
# Scripts that show texts and files skip themselves with the race detector.
scripts=$(grep -lxF "[race] skip 'played by scripts/exhaustive.sh'" cmd/gdfctl/testdata/script/*.txtar | sed 's|.*/||; s|\.txtar$||' | paste -sd '|')
failed=0
go test -vet=off -timeout 30m -run "^TestScript\$/^($scripts)\$" ./cmd/gdfctl || failed=1
go test -vet=off -timeout 30m -run "^($pattern)\$" "${packages[@]}" || failed=1
go test -vet=off -timeout 30m "${others[@]}" || failed=1
exit $failed
