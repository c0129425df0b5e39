import { lazy, Suspense } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { HomePage } from './home/HomePage';
import { Crash } from './shared/Crash';
import { Frame } from './shared/Frame';
import { Loading } from './shared/Loading';
import { NotFoundPage } from './shared/NotFoundPage';

const SubmitPage = lazy(() => import('./submit/SubmitPage').then((module) => ({ default: module.SubmitPage })));
const ExperimentPage = lazy(() => import('./experiments/ExperimentPage').then((module) => ({ default: module.ExperimentPage })));
const RunPage = lazy(() => import('./runs/RunPage').then((module) => ({ default: module.RunPage })));

export function App() {
  const { pathname } = useLocation();
  return (
    <Frame>
      {/* The key: another page is another try, so that a crash does not outlive the page it happened on. */}
      <Crash key={pathname}>
        <Suspense fallback={<Loading what="page" />}>
          <Routes>
            <Route path="/" element={<HomePage />} />
            <Route path="/submit" element={<SubmitPage />} />
            <Route path="/experiments/:id" element={<ExperimentPage key={pathname} />} />
            <Route path="/runs/:id" element={<RunPage key={pathname} />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </Crash>
    </Frame>
  );
}
