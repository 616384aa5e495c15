"""What people ask and change, one file for each subject. It holds the rules of an answer; chat and command line only render."""

from bot.questions.actors import ActorDesk
from bot.questions.articles import ArticleQuestions
from bot.questions.feedback import FeedbackDesk
from bot.questions.feeds import FeedDesk
from bot.questions.limits import FeedLimits
from bot.questions.lookups import Questions
from bot.questions.near_misses import NearMisses
from bot.questions.times import read_since, write_span
from bot.questions.watches import WatchDesk

__all__ = [
    "ActorDesk",
    "ArticleQuestions",
    "FeedDesk",
    "FeedLimits",
    "FeedbackDesk",
    "NearMisses",
    "Questions",
    "WatchDesk",
    "read_since",
    "write_span",
]
