"""Own sentences with the attributions that must, and must not, be found in them.

`MUST`: (text, [(source, cue, [content, …], class, name)]): every listed attribution has to be there; a name
of "" is not checked. `MUST_NOT`: (text, words that no cue may have; "" for: no attribution at all).
"""

from __future__ import annotations

MUST: list[tuple[str, list[tuple[str | None, str, list[str], str, str]]]] = [
    # -- clauses
    (
        "The mayor said that the bridge was closed.",
        [("The mayor", "said", ["that the bridge was closed"], "neutral", "mayor")],
    ),
    (
        "Sudanese army officials said the garrison in Babanusa was still holding out.",
        [
            (
                "Sudanese army officials",
                "said",
                ["the garrison in Babanusa was still holding out"],
                "neutral",
                "Sudanese army officials",
            )
        ],
    ),
    (
        "The governor of Hasakah confirmed that two roads had been cut.",
        [("The governor of Hasakah", "confirmed", ["that two roads had been cut"], "confirming", "")],
    ),
    (
        "Analysts at the institute assessed that the offensive had stalled.",
        [("Analysts at the institute", "assessed", ["that the offensive had stalled"], "hedging", "")],
    ),
    (
        "The junta has acknowledged that its troops left Lashio.",
        [("The junta", "has acknowledged", ["that its troops left Lashio"], "confirming", "junta")],
    ),
    (
        "Rebels claimed they had seized the airport.",
        [("Rebels", "claimed", ["they had seized the airport"], "claiming", "Rebels")],
    ),
    (
        "The ministry also said that drones hit a depot near Taganrog.",
        [("The ministry", "also said", ["that drones hit a depot near Taganrog"], "neutral", "")],
    ),
    (
        "Officials told reporters that the dam was intact.",
        [("Officials", "told", ["that the dam was intact"], "neutral", "Officials")],
    ),
    (
        "A villager recalled how the soldiers left at dawn.",
        [("A villager", "recalled", ["how the soldiers left at dawn"], "neutral", "villager")],
    ),
    (
        "The spokeswoman did not say whether the port would reopen.",
        [("The spokeswoman", "did not say", ["whether the port would reopen"], "neutral", "spokeswoman")],
    ),
    (
        "Colonel Amadou Keita warned that fuel would run out within days.",
        [
            (
                "Colonel Amadou Keita",
                "warned",
                ["that fuel would run out within days"],
                "warning",
                "Amadou Keita",
            )
        ],
    ),
    (
        "Satellite images show that the airfield is empty.",
        [("Satellite images", "show", ["that the airfield is empty"], "showing", "Satellite images")],
    ),
    (
        "Diplomats doubt that the truce will last.",
        [("Diplomats", "doubt", ["that the truce will last"], "doubting", "Diplomats")],
    ),
    (
        "The blogger predicted that the town would fall by Friday.",
        [("The blogger", "predicted", ["that the town would fall by Friday"], "predicting", "blogger")],
    ),
    (
        "Residents fear that the dam will burst.",
        [("Residents", "fear", ["that the dam will burst"], "feeling", "Residents")],
    ),
    (
        "Officials believe that the pocket is closed.",
        [("Officials", "believe", ["that the pocket is closed"], "believing", "Officials")],
    ),
    (
        "Some commentators suggested that a retreat was near.",
        [("Some commentators", "suggested", ["that a retreat was near"], "hedging", "Some commentators")],
    ),
    (
        "The commander insisted that his men still held the ridge.",
        [("The commander", "insisted", ["that his men still held the ridge"], "claiming", "commander")],
    ),
    # -- appositions, titles, names
    (
        "The town is calm, the commander-in-chief, Lemma Abera, told reporters.",
        [
            (
                "the commander-in-chief, Lemma Abera,",
                "told",
                ["The town is calm"],
                "neutral",
                "Lemma Abera",
            )
        ],
    ),
    (
        "Ethiopia's army chief, Field Marshal Tesfaye Bekele, reported that Mekelle was calm.",
        [
            (
                "Ethiopia's army chief, Field Marshal Tesfaye Bekele,",
                "reported",
                ["that Mekelle was calm"],
                "neutral",
                "Tesfaye Bekele",
            )
        ],
    ),
    (
        "North Watch, a Syrian monitoring group, confirmed that fighters had entered Saraqib.",
        [
            (
                "North Watch, a Syrian monitoring group,",
                "confirmed",
                ["that fighters had entered Saraqib"],
                "confirming",
                "North Watch",
            )
        ],
    ),
    (
        "President Salva Deng declared that the war was over.",
        [("President Salva Deng", "declared", ["that the war was over"], "neutral", "Salva Deng")],
    ),
    (
        "Ukraine's top military commander stated that troops would stay.",
        [
            (
                "Ukraine's top military commander",
                "stated",
                ["that troops would stay"],
                "neutral",
                "Ukraine's top military commander",
            )
        ],
    ),
    (
        "“The hill is ours,” wrote the pro-government Desert Falcon channel.",
        [
            (
                "the pro-government Desert Falcon channel",
                "wrote",
                ["“The hill is ours,”"],
                "neutral",
                "Desert Falcon",
            )
        ],
    ),
    # -- pronouns and descriptions
    (
        "General Ivan Horvat visited the front. He said the line would hold.",
        [("He", "said", ["the line would hold"], "neutral", "Ivan Horvat")],
    ),
    (
        "General Ivan Horvat said the line would hold. He added that reserves were coming.",
        [("He", "added", ["that reserves were coming"], "adding", "Ivan Horvat")],
    ),
    (
        "The Defence Ministry said that two ships sank. It added that a third was damaged.",
        [("It", "added", ["that a third was damaged"], "adding", "Defence Ministry")],
    ),
    (
        "Sara Lindqvist, a union spokeswoman, said the camp was full. She added that water was short.",
        [("She", "added", ["that water was short"], "adding", "Sara Lindqvist")],
    ),
    (
        "General Ivan Horvat arrived on Monday. The general said that the bridge stood.",
        [("The general", "said", ["that the bridge stood"], "neutral", "Ivan Horvat")],
    ),
    (
        "Residents fled at night. They said that shells fell on the market.",
        [("They", "said", ["that shells fell on the market"], "neutral", "Residents")],
    ),
    (
        "Moussa Traoré, who said the town was calm, left later.",
        [("who", "said", ["the town was calm"], "neutral", "Moussa Traoré")],
    ),
    # -- quotations
    (
        "“We hold the station,” the captain said.",
        [("the captain", "said", ["“We hold the station,”"], "neutral", "captain")],
    ),
    (
        '"We hold the station," said Captain Omar Haddad.',
        [("Captain Omar Haddad", "said", ['"We hold the station,"'], "neutral", "Omar Haddad")],
    ),
    (
        "The mayor said: “Nobody is left in the old town.”",
        [("The mayor", "said:", ["“Nobody is left in the old town.”"], "neutral", "mayor")],
    ),
    (
        "The envoy wrote, “Talks are over.”",
        [("The envoy", "wrote", ["“Talks are over.”"], "neutral", "envoy")],
    ),
    (
        "“We came,” the pilot said, “because they called us.”",
        [("the pilot", "said", ["“We came,”", "“because they called us.”"], "neutral", "pilot")],
    ),
    (
        "“The road is cut,” the driver said. “Nothing gets through.”",
        [("the driver", "said", ["“The road is cut,”", "“Nothing gets through.”"], "neutral", "driver")],
    ),
    (
        "“We lost the hill,” he said. “We will take it back.\n\n“The men are tired, but they will go.”",
        [
            (
                "he",
                "said",
                ["“We lost the hill,”", "“We will take it back.", "“The men are tired, but they will go.”"],
                "neutral",
                "",
            )
        ],
    ),
    (
        "The troops would stay “as long as needed,” the marshal said.",
        [("the marshal", "said", ["The troops would stay “as long as needed,”"], "neutral", "marshal")],
    ),
    (
        "“Is the bridge still standing?” asked a reporter.",
        [("a reporter", "asked", ["“Is the bridge still standing?”"], "asking", "reporter")],
    ),
    ("“Never,” the deputy thundered.", [("the deputy", "thundered", ["“Never,”"], "neutral", "deputy")]),
    (
        "‘The port is closed,’ the harbour master said.",
        [("the harbour master", "said", ["‘The port is closed,’"], "neutral", "harbour master")],
    ),
    (
        "«The valley is ours», the brigade posted.",
        [("the brigade", "posted", ["«The valley is ours»"], "neutral", "brigade")],
    ),
    # -- tails and parentheses
    (
        "Two drones fell into the river, the ministry said.",
        [("the ministry", "said", ["Two drones fell into the river"], "neutral", "ministry")],
    ),
    (
        "The village, the governor said, was empty.",
        [("the governor", "said", ["The village", "was empty"], "neutral", "governor")],
    ),
    # -- participles
    (
        "The army published a map, saying that its units had crossed the canal.",
        [("The army", "saying", ["that its units had crossed the canal"], "neutral", "army")],
    ),
    (
        "The minister praised the crews, adding that help was on its way.",
        [("The minister", "adding", ["that help was on its way"], "adding", "minister")],
    ),
    # -- phrases
    (
        "According to the Sudan Doctors Union, forty people were hurt.",
        [
            (
                "the Sudan Doctors Union",
                "According to",
                ["forty people were hurt"],
                "neutral",
                "Sudan Doctors Union",
            )
        ],
    ),
    (
        "Forty people were hurt, according to the hospital.",
        [("the hospital", "according to", ["Forty people were hurt"], "neutral", "hospital")],
    ),
    (
        "The line, in the words of one captain, is gone.",
        [("one captain", "in the words of", ["The line", "is gone"], "neutral", "one captain")],
    ),
    (
        "The convoy reportedly turned back.",
        [(None, "reportedly", ["The convoy", "turned back"], "hearsay", "")],
    ),
    (
        "The commander was quoted as saying that the pass was open.",
        [("The commander", "was quoted as saying", ["that the pass was open"], "neutral", "commander")],
    ),
    # -- passive and agentless
    (
        "The governor is believed to have fled to the coast.",
        [(None, "is believed", ["The governor", "to have fled to the coast"], "believing", "")],
    ),
    (
        "It was reported that the garrison had surrendered.",
        [(None, "was reported", ["that the garrison had surrendered"], "neutral", "")],
    ),
    (
        "The retreat was announced by the general staff.",
        [("the general staff", "was announced", ["The retreat"], "neutral", "general staff")],
    ),
    (
        "The road is expected to reopen on Monday.",
        [(None, "is expected", ["The road", "to reopen on Monday"], "predicting", "")],
    ),
    # -- denials
    (
        "The army denied that its troops had left Kupiansk.",
        [("The army", "denied", ["that its troops had left Kupiansk"], "denying", "army")],
    ),
    (
        "The brigade denied having lost the village.",
        [("The brigade", "denied", ["having lost the village"], "denying", "brigade")],
    ),
    (
        "The ministry rejected claims that the bridge was down.",
        [("The ministry", "rejected", ["claims that the bridge was down"], "denying", "ministry")],
    ),
    (
        "A spokesman dismissed the report as invention.",
        [("A spokesman", "dismissed", ["the report as invention"], "denying", "spokesman")],
    ),
    # -- silence
    (
        "The Kremlin has not commented on the report.",
        [("The Kremlin", "has not commented on", ["the report"], "silence", "Kremlin")],
    ),
    (
        "Khartoum has remained silent on the shelling.",
        [("Khartoum", "has remained silent on", ["the shelling"], "silence", "Khartoum")],
    ),
    (
        "The junta has yet to respond to the offer.",
        [("The junta", "has yet to respond to", ["the offer"], "silence", "junta")],
    ),
    ("The embassy declined to comment.", [("The embassy", "declined", ["to comment"], "silence", "embassy")]),
    (
        "The staff made no comment on the losses.",
        [("The staff", "made no comment on", ["the losses"], "silence", "staff")],
    ),
    # -- orders, promises, proposals, plans
    (
        "The general ordered his troops to leave the hill.",
        [("The general", "ordered", ["his troops to leave the hill"], "ordering", "general")],
    ),
    (
        "The premier promised to rebuild the port.",
        [("The premier", "promised", ["to rebuild the port"], "promising", "premier")],
    ),
    (
        "The rebels agreed to free the pilots.",
        [("The rebels", "agreed", ["to free the pilots"], "agreeing", "rebels")],
    ),
    (
        "The garrison refused to surrender.",
        [("The garrison", "refused", ["to surrender"], "refusing", "garrison")],
    ),
    ("The mayor called for a pause.", [("The mayor", "called for", ["a pause"], "proposing", "mayor")]),
    (
        "The army plans to cross the river in June.",
        [("The army", "plans", ["to cross the river in June"], "intending", "army")],
    ),
    (
        "The cabinet is considering leaving the treaty.",
        [("The cabinet", "is considering", ["leaving the treaty"], "considering", "cabinet")],
    ),
    (
        "The marshal wants to retake the ridge.",
        [("The marshal", "wants", ["to retake the ridge"], "intending", "marshal")],
    ),
    (
        "The union urged both armies to stop.",
        [("The union", "urged", ["both armies to stop"], "proposing", "union")],
    ),
    (
        "The militia threatened to blow up the dam.",
        [("The militia", "threatened", ["to blow up the dam"], "threatening", "militia")],
    ),
    (
        "The envoy accused the rebels of shelling the market.",
        [("The envoy", "accused", ["the rebels of shelling the market"], "accusing", "envoy")],
    ),
    (
        "The senator called the raid a disgrace.",
        [("The senator", "called", ["the raid a disgrace"], "judging", "senator")],
    ),
    # -- nouns
    (
        "Nobody believed the army's claim that the pass was open.",
        [("the army's", "claim", ["that the pass was open"], "claiming", "army")],
    ),
    (
        "Many lives were lost through their refusal to surrender.",
        [("their", "refusal", ["to surrender"], "refusing", "")],
    ),
    (
        "The agency has issued a warning that water is running out.",
        [("The agency", "has issued a warning", ["that water is running out"], "warning", "agency")],
    ),
    # -- nesting
    (
        "Reuters said an official had told it that the port was lost.",
        [
            ("Reuters", "said", ["an official had told it that the port was lost"], "neutral", "Reuters"),
            ("an official", "had told", ["that the port was lost"], "neutral", "official"),
        ],
    ),
    (
        "The daily cited a colonel as saying that the pass was open.",
        [
            ("The daily", "cited", ["a colonel as saying that the pass was open"], "neutral", "daily"),
            ("a colonel", "saying", ["that the pass was open"], "neutral", "colonel"),
        ],
    ),
    # -- headlines
    (
        "Kremlin: talks with rebels are over\n\nThe talks ended on Monday after three rounds in the capital.",
        [("Kremlin", ":", ["talks with rebels are over"], "neutral", "Kremlin")],
    ),
    (
        "“Nothing is left of the harbour.” — Halima Osman",
        [("Halima Osman", "—", ["“Nothing is left of the harbour.”"], "neutral", "Halima Osman")],
    ),
    (
        "The general confirmed that the town had fallen but noted that fighting continued.",
        [
            ("The general", "confirmed", ["that the town had fallen"], "confirming", "general"),
            ("The general", "noted", ["that fighting continued"], "neutral", "general"),
        ],
    ),
    (
        "GOMA (Agency) - Congo's army on Monday denied reports that the airport had fallen, saying that "
        "its troops held the runway.",
        [
            ("Congo's army", "denied", ["reports that the airport had fallen"], "denying", "Congo's army"),
            ("Congo's army", "saying", ["that its troops held the runway"], "neutral", "Congo's army"),
        ],
    ),
    (
        "As the governor noted, the road is shut.",
        [("the governor", "noted", ["the road is shut"], "neutral", "governor")],
    ),
    (
        "Reporters asked the envoy if he would leave.",
        [("Reporters", "asked", ["if he would leave"], "asking", "Reporters")],
    ),
    (
        "The press rebuked the envoy for suggesting that the war was won.",
        [("the envoy", "suggesting", ["that the war was won"], "hedging", "envoy")],
    ),
    (
        "The garrison appears to have left the fort.",
        [(None, "appears", ["The garrison", "to have left the fort"], "hedging", "")],
    ),
    (
        "He ordered commanders to hold the town, two aides said.",
        [
            ("two aides", "said", ["He ordered commanders to hold the town"], "neutral", "two aides"),
            ("He", "ordered", ["commanders to hold the town"], "ordering", ""),
        ],
    ),
]

MUST_NOT: list[tuple[str, str]] = [
    ("Russian troops entered the town on Tuesday.", ""),
    ("Shells fell on the market at noon.", ""),
    ("The brigade crossed the river under fire.", ""),
    ("Two villages changed hands in a week.", ""),
    ("Heavy fighting continued on the outskirts.", ""),
    ("The artillery supported the assault.", ""),
    ("The convoy was hit near the bridge.", ""),
    ("Drones struck a fuel depot overnight.", ""),
    ("The army added two brigades to the reserve.", ""),
    ("Engineers placed charges under the bridge.", ""),
    ("The tank was charged with diesel.", ""),
    ("The front line runs along the river.", ""),
    ("Rain stopped the advance.", ""),
    ("Militants stormed the barracks and raised a flag.", ""),
    ("The town fell after a siege of forty days.", ""),
    ("He pressed the button.", ""),
    ("The store sells newspapers and statements of account.", ""),
    ("The crew found three mines near the pier.", ""),
    ("Soldiers found water in the cellar.", ""),
    ("The company posted a guard at the gate.", ""),
    ("The plane was directed to another runway.", ""),
    ("They see the lights of the port every night.", ""),
    ("Sappers recorded forty mines.", ""),
    ("The unit continued its march toward the coast.", ""),
    ("Her brother reads the paper in the morning.", ""),
    ("The “Anvil” battalion left the city.", ""),
    ("The film “The Last Bridge” opens on Friday.", ""),
    ("At 5:30 the guns fell silent.", ""),
    ("The score was 3:1 at half time.", ""),
    ("The siege began in March and ended in May.", ""),
    ("The claims that were filed last year were paid.", ""),
    ("The order of battle lists nine brigades.", "order"),
    ("The call lasted ten minutes.", ""),
    ("The plan of the town hangs on the wall.", ""),
    ("Fear spread through the streets.", ""),
    ("Hopes faded.", ""),
    ("The report is forty pages long.", ""),
    ("The tide turned against them.", ""),
    ("The guide showed us the trench.", "told"),
    ("The state border is closed.", ""),
    ("Two states share the lake.", ""),
    ("The general staff building burned down.", ""),
    ("Comments (0)\n\nLeave the first comment", ""),
    ("Prisoners were told apart by their boots.", ""),
    ("The mayor, 52, was born in Odesa.", ""),
    ("Update: 14:00", ""),
    ("The footage could not be verified.", ""),
    ("Four people were hurt in the blast, and two died.", ""),
    ("The letter was written in ink.", ""),
    ("Fighters wrote their names on the wall.", ""),
]
