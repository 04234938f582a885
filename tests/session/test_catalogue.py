"""The example programs that the page offers."""

from webapp.session.catalogue import examples


def test_every_example_says_in_a_few_words_what_it_does() -> None:
    titles = {example.id: example.title for example in examples()}

    assert len(titles) >= 30
    assert {id: title for id, title in titles.items() if len(title.split()) < 3} == {}
