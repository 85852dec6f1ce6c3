namespace Sagitta.Experiments.Landscapes;

/// <summary>The frames and events that losses are evaluated on. Analyses of losses use training data, comparisons of predictions use test
/// data.</summary>
internal sealed record LandscapeDataOptions
{
    /// <summary>Folder with waterW_train_hits.csv.gz and waterW_test_hits.csv.gz; the shipped slice by default.</summary>
    public string Folder { get; init; } = "data/geant4-dtc";

    /// <summary>Thicknesses of water in mm; frames take them in turn.</summary>
    public IReadOnlyList<int> Waters { get; init; } = [100, 150, 200];

    /// <summary>Protons of a frame; 0 takes the number that the models were trained on.</summary>
    public int Protons { get; init; }

    /// <summary>Protons of the frames of the tables.</summary>
    public IReadOnlyList<int> TestProtons { get; init; } = [50, 100, 150];

    /// <summary>Most frames of each test sample.</summary>
    public int TestFrames { get; init; } = 30;

    /// <summary>Simulated muon events at hand for losses; analyses take the first ones.</summary>
    public int MuonEvents { get; init; } = 256;

    /// <summary>Simulated muon events for comparisons of predictions.</summary>
    public int MuonTestEvents { get; init; } = 4000;

    /// <summary>Background of both, kHz/cm2.</summary>
    public double MuonBackground { get; init; } = 5;
}
