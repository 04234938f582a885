"""The example programs that the page offers."""

from webapp.session.catalogue import TOPICS, examples


def test_every_example_says_in_a_few_words_what_it_does() -> None:
    titles = {example.id: example.title for example in examples()}

    assert len(titles) >= 30
    assert {id: title for id, title in titles.items() if len(title.split()) < 3} == {}


def test_every_topic_has_examples_and_they_stand_together() -> None:
    topics = [example.topic for example in examples()]

    assert set(topics) == set(TOPICS)
    assert topics == sorted(topics, key=list(TOPICS).index)


def test_a_program_belongs_to_the_most_special_of_its_topics() -> None:
    topics = {example.id: example.topic for example in examples()}

    assert topics["seq_read"] == "Reading through a mapping"
    assert topics["private_cow"] == "Writing"
    assert topics["fork_private"] == "Two processes"
    assert topics["memcg_scan"] == "Memory runs short"
