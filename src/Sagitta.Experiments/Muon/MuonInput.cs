namespace Sagitta.Experiments.Muon;

/// <summary>Where the events of an evaluation or reconstruction come from: an event file, or Geant4 deposits that are digitised on the
/// fly.</summary>
internal sealed record MuonInput
{
    /// <summary>Event file (NPZ), or null.</summary>
    public string? Events { get; init; }

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

    /// <summary>The events, for the detector that the model or the user named.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, or its events belong to another detector.</exception>
    public EventSet Load(Detector detector)
    {
        if (Events is not null)
        {
            EventSet events = EventFile.Read(Events);
            return string.Equals(events.Detector, detector.Name, StringComparison.Ordinal) && events.PlaneCount == detector.Planes.Count
                ? events
                : throw new BadInputException(
                    $"'{Events}'",
                    $"its events are of detector '{events.Detector}' with {events.PlaneCount} planes, the model is for '{detector.Name}' "
                        + $"with {detector.Planes.Count}",
                    "use events and a model of one detector");
        }

        if (Deposits is null || Truth is null)
        {
            throw new BadInputException("the command line", "there are no events",
                "give --events FILE.npz, or --deposits FILE and --truth FILE");
        }

        DepositSet deposits = Geant4Deposits.Read(detector, Deposits, Truth);
        return DepositDigitisation.Digitise(detector, deposits,
            new() { Smear = Smear, Background = new() { KHzPerCm2 = [Background] } }, Seed);
    }
}
