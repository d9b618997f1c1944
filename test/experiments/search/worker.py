"""A worker of the test of several processes, in Optuna: what worker.ts does. `worker.py JOURNAL WANTED LOG`; without
the last two it says what Optuna finds in the journal."""
import json
import random
import sys
import time

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
from optuna.trial import TrialState

optuna.logging.set_verbosity(optuna.logging.ERROR)


def opened(journal):
    lock = JournalFileSymlinkLock(journal, grace_period=10)
    return optuna.create_study(study_name="shared", storage=JournalStorage(JournalFileBackend(journal, lock)),
                               load_if_exists=True)


def work(journal, wanted, log):
    study = opened(journal)
    while len(study.get_trials(deepcopy=False, states=[TrialState.COMPLETE])) < int(wanted):
        trial = study.ask()
        x = trial.suggest_float("x", -1, 1)
        value = x * x  # x ** 2 is another number than in JavaScript once in a thousand times
        trial.suggest_categorical("kind", ["a", "b"])
        trial.report(2 * value, 1)
        time.sleep(0.02 * random.random())
        study.tell(trial, value)
        with open(log, "a") as file:
            file.write(json.dumps({"number": trial.number, "params": trial.params, "value": value}) + "\n")


def found(journal):
    study = opened(journal)
    trials = [{"number": t.number, "state": t.state.name, "params": t.params, "value": t.value,
               "reported": [[step, value] for step, value in t.intermediate_values.items()]} for t in study.trials]
    print(json.dumps({"optuna": optuna.__version__, "best": study.best_trial.number, "trials": trials}))


found(*sys.argv[1:]) if len(sys.argv) == 2 else work(*sys.argv[1:])
