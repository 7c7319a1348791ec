import { NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type CspReport, type CspSort, operator } from "../../../api";
import { keys } from "../../../app/keys";
import { ago, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import classes from "./Operator.module.css";
import { PagedList } from "./PagedList";

const ORDERS: { value: CspSort; label: string }[] = [
  { value: "-last_seen_at", label: "Last seen" },
  { value: "-count", label: "Most often" },
];

/** What browsers say our content security policy stopped. */
export function ReportsPage() {
  useTitle("Browser reports");
  const [sort, setSort] = useState<CspSort>("-last_seen_at");
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: keys.cspReports(sort, page),
    queryFn: () => operator.cspReports(sort, page),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Browser reports</h1>
          <p className={classes.lead}>
            What the content security policy stopped in the last 30 days. Anybody can send these, and browser
            extensions cause most of them.
          </p>
        </div>
        <NativeSelect
          label="Order"
          value={sort}
          data={ORDERS}
          onChange={(event) => {
            setSort(event.currentTarget.value as CspSort);
            setPage(1);
          }}
        />
      </div>
      <PagedList
        list={list}
        page={page}
        onPage={setPage}
        empty={{ title: "No reports", text: "No browser had anything to complain about." }}
      >
        {(report) => <ReportRow report={report} />}
      </PagedList>
    </>
  );
}

function ReportRow({ report }: { report: CspReport }) {
  return (
    <>
      <div className={classes.body}>
        <div className={classes.name}>
          {report.directive} stopped {report.blocked || "something"}
        </div>
        <div className={classes.detail}>
          on {report.page || "an unknown page"} · first {ago(report.first_seen_at)} · last{" "}
          {ago(report.last_seen_at)}
        </div>
      </div>
      <span className={classes.detail}>{plural(report.count, "time")}</span>
    </>
  );
}
