namespace Sagitta.Experiments.Validation;

/// <summary>What is compared of deposits before any digitiser, pooled over several sets.</summary>
internal sealed class DepositQuantities
{
    private const double NearElectron = 0.5;
    private const double FarElectron = 5;
    private readonly DeflectionSum[] _deflections;
    private readonly DeflectionSum[] _pooled;
    private readonly int _planes;
    private EventFraction _withElectron;
    private EventFraction _withMiddleElectron;
    private EventFraction _withFarElectron;

    public DepositQuantities(Detector detector, IReadOnlyList<DepositSet> sets)
    {
        _planes = detector.Planes.Count;
        _deflections = new DeflectionSum[MomentumGroup.Standard.Count * _planes];
        _pooled = new DeflectionSum[_planes];
        var layers = new List<double>();
        var layerEvents = new List<int>();
        var electrons = new List<double>();
        int[] last = [.. detector.Planes.Index().GroupBy(p => p.Item.Station).OrderBy(g => g.Key).Select(g => g.Last().Index)];
        List<(int Group, double Value)>[] displacements = [.. last.Select(_ => new List<(int, double)>())];
        var energy = new double[_planes];
        var distances = new double[_planes];
        var flags = new (bool Any, bool Middle, bool Far)[_planes];
        int number = 0;
        foreach (DepositSet set in sets)
        {
            for (int e = 0; e < set.Count; e++)
            {
                MuonTruth truth = set.Truth(e);
                double pt = Math.Abs(1 / truth.QOverPt);
                int group = MomentumGroup.Of(pt);
                ReadOnlySpan<float> muon = set.Crossings(e);
                for (int p = 0; p < _planes; p++)
                {
                    distances[p] = Math.Sign(truth.QOverPt) * (muon[p] - truth.Circle(detector.FieldTesla).At(detector.Planes[p].Z));
                    if (!double.IsNaN(distances[p]))
                    {
                        _deflections[(group * _planes) + p].Add(distances[p]);
                        _pooled[p].Add(distances[p]);
                    }
                }

                for (int k = 0; k < last.Length; k++)
                {
                    if (!double.IsNaN(distances[last[k]]))
                    {
                        displacements[k].Add((group, distances[last[k]] * pt));
                    }
                }

                Array.Clear(energy);
                Array.Clear(flags);
                AddDeposits(set, e, energy, flags, electrons);
                AddCrossings(muon, energy, flags, layers);
                while (layerEvents.Count < layers.Count)
                {
                    layerEvents.Add(number);
                }

                number++;
            }
        }

        LayerEnergy = new(layers, layerEvents);
        ElectronDistance = new(electrons);
        DisplacementPlanes = last;
        Displacements = [.. displacements.Select(AboutMedians)];
    }

    /// <summary>Fraction of the planes crossed by a muon with an electron's deposit.</summary>
    public EventFraction WithElectron => _withElectron;
    /// <summary>With one at 0.5-5 mm from the muon.</summary>
    public EventFraction WithMiddleElectron => _withMiddleElectron;
    /// <summary>With one beyond 5 mm.</summary>
    public EventFraction WithFarElectron => _withFarElectron;
    /// <summary>Deposit of muon and electrons in a crossed plane, keV.</summary>
    public Distribution LayerEnergy { get; }
    /// <summary>Distance of electrons' deposits from the muon, mm.</summary>
    public Distribution ElectronDistance { get; }
    /// <summary>The last plane of each station.</summary>
    public IReadOnlyList<int> DisplacementPlanes { get; }
    /// <summary>For each of them: displacement from the circle without material times pT about its momentum group's median, mm
    /// GeV.</summary>
    public IReadOnlyList<Distribution> Displacements { get; }

    /// <summary>Charge-signed displacement of all muons at a plane.</summary>
    public DeflectionSum Deflection(int plane) => _pooled[plane];

    /// <summary>Charge-signed displacement of a momentum group at a plane; its count may be 0.</summary>
    public DeflectionSum Deflection(int group, int plane) => _deflections[(group * _planes) + plane];

    private void AddCrossings(ReadOnlySpan<float> muon, double[] energy, (bool Any, bool Middle, bool Far)[] flags, List<double> layers)
    {
        int crossings = 0, any = 0, middle = 0, far = 0;
        for (int p = 0; p < _planes; p++)
        {
            if (!float.IsNaN(muon[p]))
            {
                crossings++;
                layers.Add(energy[p]);
                any += flags[p].Any ? 1 : 0;
                middle += flags[p].Middle ? 1 : 0;
                far += flags[p].Far ? 1 : 0;
            }
        }

        _withElectron.Add(any, crossings);
        _withMiddleElectron.Add(middle, crossings);
        _withFarElectron.Add(far, crossings);
    }

    private static Distribution AboutMedians(List<(int Group, double Value)> displacements) => new(
    [
        .. from momenta in displacements.GroupBy(d => d.Group, d => d.Value)
           let median = new Distribution([.. momenta]).Quantile(0.5)
           from value in momenta
           select value - median,
    ]);

    private static void AddDeposits(DepositSet set, int e, double[] energy, (bool Any, bool Middle, bool Far)[] flags,
        List<double> electrons)
    {
        DepositList deposits = set.Deposits;
        ReadOnlySpan<float> muon = set.Crossings(e);
        for (int d = set.Offset(e); d < set.Offset(e + 1); d++)
        {
            int plane = deposits.Plane[d];
            energy[plane] += deposits.Energy[d];
            if (deposits.Source[d] != (byte)DepositSource.Electron || float.IsNaN(muon[plane]))
            {
                continue;
            }

            double distance = Math.Abs(((deposits.YIn[d] + deposits.YOut[d]) / 2) - muon[plane]);
            electrons.Add(distance);
            flags[plane].Any = true;
            flags[plane].Middle |= distance is >= NearElectron and <= FarElectron;
            flags[plane].Far |= distance > FarElectron;
        }
    }
}

/// <summary>Mean and its standard error of deflections, summed one by one.</summary>
internal struct DeflectionSum
{
    private double _sum;
    private double _squares;

    public int Count { get; private set; }
    public readonly double Mean => _sum / Count;
    public readonly double MeanError => Math.Sqrt(Math.Max((_squares / Count) - (Mean * Mean), 0) / Count);

    public void Add(double value)
    {
        _sum += value;
        _squares += value * value;
        Count++;
    }
}

/// <summary>Muons of similar pT in GeV, whose deflections are compared plane by plane.</summary>
internal readonly record struct MomentumGroup(double Low, double High)
{
    /// <summary>Borders that lie between the usual fixed momenta 5, 10, 30 and 100 GeV.</summary>
    public static IReadOnlyList<MomentumGroup> Standard { get; } = [
        new(0, 7.5), new(7.5, 20), new(20, 60), new(60, double.PositiveInfinity)];

    /// <summary>Which of the standard groups a pT in GeV belongs to.</summary>
    public static int Of(double pt) => Standard.SkipLast(1).Count(range => !(pt < range.High));
}
