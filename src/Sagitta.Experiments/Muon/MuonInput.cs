namespace Sagitta.Experiments.Muon;

/// <summary>Where the events of an evaluation or reconstruction come from: an event file, or Geant4 deposits that are digitised on the
/// fly.</summary>
internal sealed record MuonInput
{
    /// <summary>Event file (NPZ), or null.</summary>
    public string? Events { get; init; }

    /// <summary>How a table of hits calls its columns (--columns); null where it uses the names of docs/formats.md.</summary>
    public string? Columns { get; init; }

    /// <summary>Where sentences go about what the input leaves out.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Geant4 deposits, or null.</summary>
    public string? Deposits { get; init; }

    /// <summary>Truth of the deposits.</summary>
    public string? Truth { get; init; }

    /// <summary>Background flux in kHz/cm2 for deposits.</summary>
    public double Background { get; init; } = 5;

    /// <summary>Above 0: one hit for each muon crossing with this Gaussian error in mm instead of the digitiser.</summary>
    public double Smear { get; init; }

    /// <summary>Seed of the digitisation.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Detector file or name of a shipped one; null for that of the model.</summary>
    public string? Detector { get; init; }

    /// <summary>The name or file of the detector that is given, else the name that an event file has; null where nothing says it.</summary>
    public string? DetectorName => Detector ?? (Events is { } file && EventFile.Is(file) ? EventFile.DetectorName(file) : null);

    /// <summary>The models that are given, or the shipped ones for the detector of these events.</summary>
    public IReadOnlyList<string> ModelFiles(IReadOnlyList<string> given) => given.Count > 0 ? given
        : MuonModelFile.Shipped(Detector is { } own ? DetectorFile.Load(own).Name : DetectorName);

    /// <summary>The one that is given, or the first shipped one.</summary>
    public string ModelFile(string? given) => given ?? ModelFiles([])[0];

    /// <summary>The detector of a reconstruction with <paramref name="model"/>.</summary>
    public Detector DetectorFor(MuonModel model) => Detector is { } given ? DetectorFile.Load(given) : model.Detector;

    /// <summary>The events with their truth.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, its events belong to another detector, or have no
    /// truth.</exception>
    public EventSet Load(Detector detector)
    {
        TellOther(detector);
        return Events is null ? Digitise(detector)
            : EventFile.Is(Events) ? EventFile.Read(Events, detector)
            : throw new BadInputException($"'{Events}'", "a table of hits has no truth to measure tracks by",
                "give an event file (.npz) that simulate or import wrote; 'reconstruct' needs no truth");
    }

    /// <summary>The same with roads, which are found from the hits where the file has none.</summary>
    public EventSet Load(MuonChain chain, WorkerThreads threads) => WithRoads(Load(chain.Detector), chain, threads);

    /// <summary>The events with roads, and with truth where the file has it: for what shows events.</summary>
    public EventSet LoadShown(MuonChain chain, WorkerThreads threads) => WithRoads(LoadShown(chain.Detector), chain, threads);

    /// <summary>The events, with truth where the file has it.</summary>
    public EventSet LoadShown(Detector detector) =>
        Events is null || (EventFile.Is(Events) && EventFile.HasTruth(Events)) ? Load(detector) : EventSet.WithoutTruth(LoadHits(detector));

    /// <summary>The same with deposits that are read already, where the events are made of such: for several parts.</summary>
    public MuonInput Held(Detector detector) => Events is null ? this with { HeldDeposits = Deposited(detector) } : this;

    /// <summary>How many events there are to share, and where they are.</summary>
    public GroupIndex Index(Detector detector) =>
        Events is null ? new(Deposited(detector).Count) : MuonHitReader.Index(Events, detector, Mapping);

    /// <summary>The hits alone, a part of the events at a time where they come from a file or a pipe.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="share">The events to read or digitise, by the index of this input; null for all.</param>
    public IEnumerable<HitSet> LoadParts(Detector detector, ReadShare? share = null)
    {
        if (Events is null)
        {
            yield return Digitise(detector, share is null ? null : (int)share.First..(int)(share.First + share.Count)).Hits;
            yield break;
        }

        TellOther(detector);
        HashSet<string> told = new(StringComparer.Ordinal);
        long copies = 0, withoutRoad = 0, events = 0;
        foreach (MuonHits part in MuonHitReader.ReadParts(Events, detector, Mapping, share))
        {
            foreach (string note in part.Notes.Where(told.Add))
            {
                Note(note);
            }

            (copies, withoutRoad, events) = (copies + part.Copies, withoutRoad + part.WithoutRoad, events + part.Hits.Count);
            yield return part.Hits;
        }

        foreach (string note in MuonHits.Counts(copies, withoutRoad, events))
        {
            Note(note);
        }
    }

    /// <summary>The hits alone: no truth need be there, and no roads.</summary>
    public HitSet LoadHits(Detector detector)
    {
        if (Events is null)
        {
            return Digitise(detector).Hits;
        }

        TellOther(detector);
        MuonHits table = MuonHitReader.Read(Events, detector, Mapping);
        foreach (string note in table.Notes)
        {
            Note(note);
        }

        return table.Hits;
    }

    private static EventSet WithRoads(EventSet read, MuonChain chain, WorkerThreads threads)
    {
        EventSet events = read with { Hits = read.Hits.Placed(chain.Detector) };
        return events.Hits.HasRoads ? CrowdedEvents.Empty(chain, events)
            : CrowdedEvents.Empty(chain, RoadSearch.Find(chain, CrowdedEvents.Empty(chain, events), threads));
    }

    // A file of other planes is refused when it is read.
    private void TellOther(Detector detector)
    {
        if (Detector is null && DetectorName is { } own && own != detector.Name)
        {
            Note($"the events are of detector '{own}', with the planes of '{detector.Name}' and perhaps another readout");
        }
    }

    private ColumnMapping? Mapping => Columns is null ? null : ColumnMapping.Parse(Columns);

    private EventSet Digitise(Detector detector, Range? part = null) => DepositDigitisation.Digitise(detector, Deposited(detector),
        new() { Smear = Smear, Background = new() { KHzPerCm2 = [Background] } }, Seed, part: part);

    private DepositSet? HeldDeposits { get; init; }

    private DepositSet Deposited(Detector detector)
    {
        if (Deposits is null || Truth is null)
        {
            throw new BadInputException("the command line", "there are no events",
                "give --events FILE, or --deposits FILE and --truth FILE");
        }

        return HeldDeposits ?? Geant4Deposits.Read(detector, Deposits, Truth);
    }
}
