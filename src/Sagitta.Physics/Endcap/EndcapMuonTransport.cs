namespace Sagitta.Physics.Endcap;

/// <summary>
/// Carries muons through an endcap: the field's map from plane to plane, Coulomb scattering in planes, walls and medium, energy loss with
/// straggling, a deposit in each gap in the plane's own coordinate u, and the electrons set free near the planes. docs/physics.md has the
/// formulas. Holds reused memory: one a thread.
/// </summary>
internal sealed class EndcapMuonTransport
{
    // Electrons set free further in front of a plane are swept away by the field, or stop.
    private const double ElectronReach = 500;
    private const double StepTolerance = 1e-3;
    private readonly EndcapDetector _detector;
    private readonly FieldTransport _field;
    private readonly EndcapStep[] _steps;
    private readonly MomentumTable[] _localDeposit;
    private readonly double[] _tunedGaps;
    private readonly ElectronTracker _tracker;
    private readonly ElectronSource _source;
    private readonly DrawBuffer _draws = new();
    private readonly DepositList _electrons = new();

    public EndcapMuonTransport(EndcapDetector detector)
    {
        _detector = detector;
        _field = new(detector.Field, 1, StepTolerance);
        TraversedSlab[] slabs = [.. SlabsWithWalls(detector)];
        List<(double Z, int Plane)> stops = [.. detector.Planes.Select((plane, p) => (plane.Z, p))];
        stops.AddRange(detector.Walls.SelectMany(wall => new[] { (wall.Z, -1), (wall.End, -1) }));
        stops.Sort();
        _steps = new EndcapStep[stops.Count];
        double begin = 0;
        for (int i = 0; i < _steps.Length; i++)
        {
            TransportStep step = TransportStep.Between(slabs, begin, stops[i].Z);
            _steps[i] = new(step, new(momentum => TransportPlan.SoftLossIn(step, momentum)), stops[i].Plane);
            begin = stops[i].Z;
        }

        Detector strips = detector.Strips;
        _localDeposit = [.. strips.Planes.Select(plane => new MomentumTable(momentum =>
            TransportPlan.LocalDepositIn(strips.GasOf(plane), momentum)))];
        _tunedGaps = [.. strips.Planes.Select(plane => plane.GapThickness * strips.GasOf(plane).Density / TransportPlan.TunedLength)];
        _tracker = new(strips);
        _source = new(strips, _tracker);
    }

    /// <summary>
    /// Carries one muon and adds its deposits. Particle 0 of them is the muon, others are electrons. Returns how many planes it crossed:
    /// it may leave the field on its way back, or stop.
    /// </summary>
    /// <param name="muon">The muon.</param>
    /// <param name="key">Key of its random numbers.</param>
    /// <param name="states">Receives its state at each plane's centre; NaN where it does not come.</param>
    /// <param name="deposits">Where deposits go.</param>
    public int Carry(EndcapMuon muon, RandomKey key, Span<TrackState> states, DepositList deposits)
    {
        _draws.Restart(key);
        states.Fill(new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN));
        double charge = Math.Sign(muon.Vertex.QOverP);
        TrackState state = muon.Vertex.Moved(-muon.VertexZ);
        double path = 0;
        int crossed = 0;
        foreach (EndcapStep part in _steps)
        {
            TransportStep step = part.Step;
            double momentum = Math.Abs(1 / state.QOverP);
            double loss = MuonInteractions.Loss(step, part.SoftLoss, momentum, state.Slant, _draws);
            if (!(momentum - loss > 2 * PhysicalConstants.MuonMass))
            {
                break;
            }

            double middle = momentum - (loss * step.LossOnAngle);
            state = state with { QOverP = charge / middle };
            if (_field.Carry(ref state, step.Begin, step.End) != TransportStatus.Reached)
            {
                break;
            }

            double slant = state.Slant;
            double beta = middle / Math.Sqrt((middle * middle) + (PhysicalConstants.MuonMass * PhysicalConstants.MuonMass));
            state = Scattered(step, state, Math.Sqrt(slant) / (middle * beta)) with { QOverP = charge / (momentum - loss) };
            path += (step.End - step.Begin) * slant / beta;
            if (part.Plane >= 0)
            {
                states[part.Plane] = state;
                crossed++;
                Deposit(part.Plane, state, path, deposits);
            }
        }

        FreeElectrons(muon.Vertex.Slant, states[..crossed], deposits);
        return crossed;
    }

    // Independent angles and displacements across the flight along x, and at a right angle to that and to the flight.
    private TrackState Scattered(TransportStep step, in TrackState state, double scale)
    {
        (double angle1, double displacement1) = MuonInteractions.Scatter(step, scale, _draws);
        (double angle2, double displacement2) = MuonInteractions.Scatter(step, scale, _draws);
        double slant = state.Slant;
        double across = Math.Sqrt(1 + (state.Tx * state.Tx));
        double mixed = state.Tx * state.Ty / across;
        (double X, double Y) AtFixedZ(double first, double second) =>
            (slant * across * first, slant * ((mixed * first) + (slant / across * second)));
        (double tx, double ty) = AtFixedZ(angle1, angle2);
        (double x, double y) = AtFixedZ(displacement1, displacement2);
        return new(state.X + x, state.Y + y, state.Tx + tx, state.Ty + ty, state.QOverP);
    }

    private void Deposit(int p, in TrackState state, double path, DepositList deposits)
    {
        EndcapPlane plane = _detector.Planes[p];
        double gap = plane.Strips.GapThickness;
        double slant = state.Slant;
        double momentum = Math.Abs(1 / state.QOverP);
        double energy = MuonInteractions.Deposit(_localDeposit[p].At(momentum) * gap * slant, _tunedGaps[p] * slant, _draws);
        double u = plane.Measured(state.X, state.Y);
        double half = ((state.Ty * plane.Cosine) + (state.Tx * plane.Sine)) * gap / 2;
        deposits.Add(p, DepositSource.Muon, 0, u - half, u + half, -gap / 2, gap / 2, energy,
            (path - plane.Z) / PhysicalConstants.SpeedOfLight);
    }

    private void FreeElectrons(double slant, ReadOnlySpan<TrackState> states, DepositList deposits)
    {
        _electrons.Clear();
        double remaining = _source.MeanNumber;
        int particle = 1;
        while (states.Length > 0 && (remaining -= _draws.NextExponential() / slant) > 0)
        {
            (int slab, double z, double threshold) = _source.Choose(_draws.NextUniform(), _draws.NextUniform());
            int p = 0;
            while (p < states.Length - 1 && _detector.Planes[p].Z < z)
            {
                p++;
            }

            double dz = z - _detector.Planes[p].Z;
            TrackState state = states[p];
            double momentum = Math.Abs(1 / state.QOverP);
            (double betaGamma, double gamma, double beta) = BetheLoss.Velocity(momentum);
            double largest = BetheLoss.LargestTransfer(betaGamma, gamma) / PhysicalConstants.KiloElectronVolt;
            double energy = threshold / _draws.NextUniform();
            if (Math.Abs(dz) > ElectronReach || energy >= largest || _draws.NextUniform() < beta * beta * energy / largest)
            {
                continue;
            }

            double sine = state.Ty / Math.Sqrt(1 + (state.Ty * state.Ty));
            double time = z * state.Slant / PhysicalConstants.SpeedOfLight;
            _tracker.Follow(slab, state.Y + (state.Ty * dz), z,
                MuonInteractions.Emit(sine, state.Tx / state.Slant, momentum, energy, _draws), energy, time, particle++, _draws,
                _electrons);
        }

        // Electrons are followed in y and z. Along x they are where the muon is, which for a small stereo angle is near enough.
        for (int i = 0; i < _electrons.Count; i++)
        {
            int p = _electrons.Plane[i];
            if (p < states.Length)
            {
                EndcapPlane plane = _detector.Planes[p];
                double x = states[p].X;
                deposits.Add(p, DepositSource.Electron, _electrons.Particle[i], plane.Measured(x, _electrons.YIn[i]),
                    plane.Measured(x, _electrons.YOut[i]), _electrons.DepthIn[i], _electrons.DepthOut[i], _electrons.Energy[i],
                    _electrons.Time[i]);
            }
        }
    }

    private static IEnumerable<TraversedSlab> SlabsWithWalls(EndcapDetector detector)
    {
        foreach (TraversedSlab slab in detector.Strips.TraversedMaterial())
        {
            double from = slab.Start;
            foreach (EndcapWall wall in detector.Walls.Where(wall => wall.Z >= slab.Start && wall.End <= slab.End))
            {
                yield return slab with { Start = from, Thickness = wall.Z - from };
                yield return new(wall.Z, wall.Slab.Thickness, wall.Slab.Material, -1);
                from = wall.End;
            }

            yield return slab with { Start = from, Thickness = slab.End - from };
        }
    }

    private sealed record EndcapStep(TransportStep Step, MomentumTable SoftLoss, int Plane);
}
