namespace Sagitta.Tracking.Calorimeter;

/// <summary>Tracks of protons in a tracking calorimeter from the hits of a frame, by a trained network. Needs no truth. Not thread-safe:
/// one object a thread.</summary>
/// <example>
/// <code>
/// using var reconstructor = CalorimeterReconstructor.Load();
/// foreach (CalorimeterFrame frame in CalorimeterFrame.Read("hits.csv", protonsPerFrame: 100))
/// {
///     foreach (CalorimeterTrack track in reconstructor.Reconstruct(frame))
///     {
///         Console.WriteLine($"{track.Status} {track.Range} +- {track.RangeError} mm, {track.Energy} MeV");
///     }
/// }
/// </code>
/// </example>
public sealed class CalorimeterReconstructor : IDisposable
{
    private const string Shipped = "models/calorimeter/ptt-seed1.safetensors";
    private readonly CalorimeterModel _model;
    private readonly bool _ownsModel;
    private readonly CalorimeterChain _chain = new();
    private WaterEquivalent _water;
    private double _beamEnergy;

    /// <summary>A reconstructor with a model that others may share.</summary>
    internal CalorimeterReconstructor(CalorimeterModel model, bool ownsModel = false)
    {
        _model = model;
        _ownsModel = ownsModel;
        _beamEnergy = model.Geometry.Calorimeter.Beam.Energy;
        _water = new(model.Geometry.Calorimeter, _beamEnergy);
    }

    /// <summary>Kinetic energy of the beam before the object, MeV; by default that of the detector's file (230 for the shipped
    /// one).</summary>
    public double BeamEnergy
    {
        get => _beamEnergy;
        set
        {
            if (value != _beamEnergy)
            {
                (_beamEnergy, _water) = (value, new(_model.Geometry.Calorimeter, value));
            }
        }
    }

    /// <summary>Loads a model.</summary>
    /// <param name="model">A model file that training wrote; the shipped one if null.</param>
    /// <param name="detector">Path of a calorimeter file, or name of a shipped one; the model's own calorimeter if null.</param>
    public static CalorimeterReconstructor Load(string? model = null, string? detector = null) =>
        new(Read(model, detector), ownsModel: true);

    /// <summary>The tracks of a frame, and the chains that a cut drops, which say so in their status; empty without hits.</summary>
    /// <param name="frame">The hits.</param>
    /// <returns>The chains of at least two hits, the deepest first.</returns>
    public IReadOnlyList<CalorimeterTrack> Reconstruct(CalorimeterFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        IReadOnlyList<SegmentTrack> chains = _chain.Chains(frame, _model);
        RangeEstimate[] ranges = _chain.Fit(chains);
        double[] margins = _chain.Assignment.Margins(_chain.Graph, frame.Layer);
        CalorimeterTrack[] tracks = new CalorimeterTrack[chains.Count];
        for (int t = 0; t < tracks.Length; t++)
        {
            tracks[t] = Track(frame, t, chains[t], ranges[t], margins);
        }

        return tracks;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _chain.Dispose();
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    /// <summary>The model of a file, or the shipped one, for a calorimeter.</summary>
    internal static CalorimeterModel Read(string? model, string? detector, double? unassignedPrice = null)
    {
        if (unassignedPrice is { } price)
        {
            using CalorimeterModel without = Read(model, detector);
            return without.WithPrice(price);
        }

        var read = CalorimeterModel.Read(model ?? ShippedFile.Find(Shipped));
        if (detector is null)
        {
            return read;
        }

        using (read)
        {
            return read.WithDetector(CalorimeterGeometry.Load(detector));
        }
    }

    private CalorimeterTrack Track(CalorimeterFrame frame, int number, SegmentTrack chain, RangeEstimate fit, double[] margins)
    {
        bool fitted = fit.Status == SolveStatus.Converged;
        double range = fitted ? fit.Range : double.NaN;
        List<long> ids = [];
        foreach (int hit in chain.Hits)
        {
            ids.AddRange(frame.IdsOf(hit));
        }

        // The first hit of a chain leads to none, so it has no segment.
        return new()
        {
            Frame = frame.Number,
            Number = number,
            Status = chain.Status == CalorimeterTrackStatus.Found && !fitted ? CalorimeterTrackStatus.NoRange : chain.Status,
            Hits = chain.Hits,
            HitIds = ids,
            Layers = [.. chain.Hits.Select(hit => frame.Layer[hit])],
            Range = range,
            RangeError = WaterEquivalent.RangeError(range, fit.Error),
            Energy = fitted ? _water.Energy(range) : double.NaN,
            EnergyError = fitted ? _water.EnergyError(range, fit.Error) : double.NaN,
            PathLength = _water.PathLength(range),
            PathLengthError = _water.PathLengthError(fit.Error),
            Margin = chain.Hits.Skip(1).Min(hit => margins[hit]),
            Chi2 = fit.Chi2,
        };
    }
}
